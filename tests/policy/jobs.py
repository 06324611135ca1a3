"""Something real for every task of the workers to do: its message, and the rows behind it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from backend.accounts.models import TestClock
from backend.outbox.emit import emit
from tests.factories.accounts import ClinicFactory, PatientFactory, PharmacyFactory
from tests.factories.auditor import AuditExportFactory
from tests.factories.booking import VisitFactory
from tests.factories.care import EmergencyAccessFactory
from tests.factories.followups import (
    STARTED_AT,
    FollowedCourseFactory,
    FollowUpFactory,
    PlanFactory,
)
from tests.factories.intake import IntakeResponseFactory
from tests.factories.notifications import NotificationFactory
from tests.factories.pharmacy import WebhookDeliveryFactory, WebhookEndpointFactory
from tests.factories.prescriptions import CourseFactory, PrescriptionFactory, ready_patient
from tests.factories.records import LabResultFactory
from tests.factories.retention import LegalHoldFactory, long_kept
from tests.factories.rulebook import PackActivationFactory
from tests.factories.worklist import TaskFactory
from tests.prescriptions.minors import decided, prescription
from tests.protocol.situations import UK_2023, US

AT = datetime(2026, 3, 10, 3, tzinfo=UTC)
Message = dict[str, Any]
LIVE = {"course__patient__on_clock": False}


def told(event: str, **payload: Any) -> Message:
    """The message of a task that follows an event: the event is in the outbox."""
    said = {name: getattr(thing, "ref", thing) for name, thing in payload.items()}
    with transaction.atomic():
        return {"event_id": emit(event, at=AT, payload=said).id, **said}


def _course(**traits: Any) -> Message:
    course = FollowedCourseFactory(**traits)
    return told("prescriptions.course.started", course_id=course, patient_id=course.patient)


def _planned(status: str = "active", **traits: Any) -> Message:
    course = PlanFactory(course=FollowedCourseFactory(**traits), status=status).course
    return told("prescriptions.course.halted", course_id=course, patient_id=course.patient)


def _advancing() -> TestClock:
    course = FollowedCourseFactory(patient__on_clock=True)
    FollowUpFactory(plan__course=course)
    clock = course.patient.test_clock
    clock.status, clock.target_at = "advancing", STARTED_AT + timedelta(days=8)
    clock.save()
    return clock


def _drain() -> Message:
    return told("accounts.test_clock.advance_requested", test_clock_id=_advancing())


def _undelivered() -> Message:
    notice = NotificationFactory(status="failed")
    event = "notifications.notification.undelivered"
    return told(event, notification_id=notice, patient_id=notice.patient)


def _result(triglycerides: int = 900) -> Message:
    patient = ready_patient()
    CourseFactory(patient=patient, status="running", started_on=AT.date() - timedelta(days=28))
    result = LabResultFactory(
        patient=patient,
        taken_on=AT.date(),
        analyte="triglycerides",
        unit="mg/dL",
        uln=None,
        fasting=True,
        value=Decimal(triglycerides),
    )
    return told("records.lab_result.noted", result_id=result, patient_id=patient)


def _answers() -> Message:
    response = IntakeResponseFactory(submitted=True)
    event = "intake.response.submitted"
    return told(event, intake_response_id=response, patient_id=response.patient)


def _everything_due() -> Message:
    FollowUpFactory()
    NotificationFactory()
    TaskFactory(urgent=True)
    return {}


def _visit(**traits: Any) -> Message:
    visit = VisitFactory(**traits)
    return told("booking.visit.confirmed", visit_id=visit, patient_id=visit.patient)


def _prescription(**traits: Any) -> Message:
    row = PrescriptionFactory(**LIVE, **traits)
    WebhookEndpointFactory(
        pharmacy=PharmacyFactory(clinic=row.clinic, kind="clinic_dispensary"),
        url="http://127.0.0.1:9/hooks",
    )
    event = "prescriptions.prescription.approved"
    return told(event, prescription_id=row, patient_id=row.patient)


def _activated() -> Message:
    activation = PackActivationFactory()
    decided(prescription(activation.clinic), pack=US)
    event, pack = "rulebook.pack.activated", activation.pack
    return told(event, clinic_id=activation.clinic, pack=pack, pack_version=activation.pack_version)


def _older_pack() -> Message:
    clinic = ClinicFactory(programme="uk", zone="Europe/London")
    decided(prescription(clinic, course__patient__zone="Europe/London", **LIVE), pack=UK_2023)
    return told("rulebook.pack.withdrawn", clinic_id=clinic, pack="uk")


def _delivery() -> Message:
    WebhookDeliveryFactory(endpoint__url="http://127.0.0.1:9/hooks", patient=PatientFactory())
    return {}


def _windows() -> Message:
    PrescriptionFactory(**LIVE, claimed=True)
    PrescriptionFactory(**LIVE, approved=True)
    return {}


def _emergency() -> Message:
    access = EmergencyAccessFactory()
    event = "care.emergency_access.granted"
    return told(event, emergency_access_id=access, patient_id=access.patient)


def _export(**traits: Any) -> Message:
    export = AuditExportFactory(**traits)
    event = "auditor.audit_export.requested"
    return told(event, audit_export_id=export, clinic_id=export.clinic)


def _only(make: Callable[[], Message]) -> Callable[[], Message]:
    """The rows without the message: for a task that runs by the clock."""

    def rows() -> Message:
        make()
        return {}

    return rows


# Task (without `workers.tasks.`) -> what makes its rows and returns its message.
SITUATIONS: dict[str, Callable[[], Message]] = {
    "care.alert": _emergency,
    "care.sweep_alerts": _only(_emergency),
    "exports.build": _export,
    "exports.build_waiting": _only(_export),
    "exports.sweep": _only(lambda: _export(ready=True)),
    "followups.begin": _course,
    "followups.resume": lambda: _planned("stopped"),
    "followups.stop": lambda: _planned(halted=True),
    "followups.end": lambda: _planned(ended=True),
    "followups.drain": _drain,
    "followups.review_undelivered": _undelivered,
    "followups.weigh": _result,
    "followups.weigh_answers": _answers,
    "followups.sweep": _everything_due,
    "followups.sweep_clocks": _only(_advancing),
    "followups.reconcile": _only(_course),
    "notices.visit_confirmed": _visit,
    "notices.visit_changed": lambda: _visit(cancelled=True),
    "notices.prescription_news": lambda: _prescription(approved=True),
    "notices.prescription_void": lambda: _prescription(voided=True),
    "notices.deliver": _everything_due,
    "packs.pack_activated": _activated,
    "packs.pack_withdrawn": _older_pack,
    "packs.review": _only(_older_pack),
    "pharmacy.tell_pharmacies": lambda: _prescription(approved=True),
    "pharmacy.sweep_webhooks": _delivery,
    "pharmacy.sweep_windows": _windows,
    "retention.review": _only(lambda: {"hold": LegalHoldFactory(patient=long_kept())}),
    "upkeep.expire": _only(lambda: _visit(held=True)),
}
# The same task again, with nothing left to do: what it read is still accounted for.
NOTHING_TO_DO: dict[str, Callable[[], Message]] = {
    "exports.build": lambda: _export(ready=True),
    "followups.begin": _planned,
    "followups.resume": lambda: _planned(halted=True),
    "followups.stop": _planned,
    "followups.end": _planned,
    "followups.weigh": lambda: _result(triglycerides=100),
    "followups.weigh_answers": _answers,
    "followups.review_undelivered": _undelivered,
    "packs.pack_withdrawn": lambda: told("x.y.z", clinic_id=ClinicFactory(), pack="uk"),
}
