"""One of everything whose id stands in a path, in the statuses that its verbs start from."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.db import transaction

from backend import clock
from backend.audit.record import record
from backend.intake.models import ConsentSignature
from backend.kernel.actor import Role
from tests.factories import (
    accounts,
    auditor,
    booking,
    care,
    followups,
    intake,
    notifications,
    pharmacy,
    prescriptions,
    records,
    retention,
    rulebook,
    worklist,
)
from tests.policy.routes import Route

NOW = prescriptions.NOW
Rows = dict[str, list[Any]]


class Things:
    """The rows of one clinic by the name of the path parameter; the first one is the patient's."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def ids_for(self, route: Route) -> dict[str, str]:
        """Real ids for a route: of a thing from whose status its verb may start, if any."""
        return {name: ref_of(self._fitting(name, route)) for name in route.parameters}

    def _fitting(self, name: str, route: Route) -> Any:
        for row in self.rows[name]:
            if not route.verb.start or getattr(row, "status", "") in route.verb.start:
                return row
        return self.rows[name][0]


def ref_of(row: Any) -> str:
    """The id as a path has it; a questionnaire or a rule pack is called by its name."""
    return row if isinstance(row, str) else row.ref


def things_of(world: SimpleNamespace) -> Things:
    """Rows for a world, whose patient, physician and pharmacy they belong to."""
    patient, physician = world.people[Role.PATIENT], world.people[Role.PHYSICIAN]
    client = world.people[Role.PHARMACY_CLIENT]
    rows: Rows = {"pack_id": ["jp_house_2026"]}
    rows |= (
        _people(world.clinic, patient, physician, client)
        | _treatment(patient, physician, client.pharmacy)
        | _visits(patient, physician)
        | _facts(patient)
        | _said(patient)
        | _webhooks(client.pharmacy)
        | _activated(world.clinic)
        | _trail(patient, world.people[Role.AUDITOR])
    )
    return Things(rows | _followed(rows["course_id"]))


def _people(clinic: Any, patient: Any, physician: Any, client: Any) -> Rows:
    return {
        "clinic_id": [clinic],
        "patient_id": [patient, accounts.PatientFactory(clinic=clinic, unverified=True)],
        "physician_id": [physician],
        "staff_member_id": [accounts.StaffMemberFactory(clinic=clinic)],
        "pharmacy_id": [client.pharmacy],
        "client_id": [client],
        "clock_id": [patient.test_clock],
        "emergency_access_id": [care.EmergencyAccessFactory(patient=patient)],
        "legal_hold_id": [retention.LegalHoldFactory(patient=patient)],
        "task_id": [worklist.TaskFactory(patient=patient, kind="contact_patient")],
        "notification_id": [notifications.NotificationFactory(patient=patient)],
    }


def _treatment(patient: Any, physician: Any, house: Any) -> Rows:
    """The patient's own course runs and is being dispensed; other patients are elsewhere."""
    clinic = patient.clinic
    running = prescriptions.CourseFactory(patient=patient, running=True, created_by=physician.user)
    claimed = prescriptions.PrescriptionFactory(course=running, claimed=True, claimed_by=house)
    dispense = pharmacy.DispenseFactory(prescription=claimed)
    before = {
        status: prescriptions.ready_prescription(
            course=prescriptions.CourseFactory(
                patient=_another_of(clinic), created_by=physician.user
            ),
            status=status,
            visit__starts_at=NOW - timedelta(hours=hours),
            **{status: True},
        )
        for hours, status in enumerate(("draft", "in_review", "approved"), start=20)
    }
    halted, ended = (
        prescriptions.CourseFactory(patient=_another_of(clinic), **{trait: True})
        for trait in ("halted", "ended")
    )
    return {
        "prescription_id": [claimed, *before.values()],
        "course_id": [running, halted, before["draft"].course, ended],
        "decision_id": [claimed.signature.decision],
        "dispense_id": [dispense],
        "product_id": [claimed.product],
        "lot_id": [claimed.lot],
    }


def _another_of(clinic: Any) -> Any:
    return prescriptions.ready_patient(clinic=clinic)


def _visits(patient: Any, physician: Any) -> Rows:
    whose = {"patient": patient, "physician": physician}
    day = timedelta(days=1)
    rule = booking.AvailabilityRuleFactory(physician=physician)
    exception = booking.AvailabilityExceptionFactory(physician=physician)
    running = booking.VisitFactory(**whose, in_progress=True, starts_at=NOW)
    booking.VisitNoteFactory(visit=running)
    return {
        "rule_id": [rule],
        "exception_id": [exception],
        "visit_id": [
            booking.VisitFactory(**whose, starts_at=NOW + timedelta(hours=1)),
            booking.VisitFactory(**whose, held=True, starts_at=booking.SLOT + day),
            running,
        ],
    }


def _facts(patient: Any) -> Rows:
    return {
        "weight_id": [records.WeightFactory(patient=patient)],
        "test_id": [records.PregnancyTestFactory(patient=patient)],
        "result_id": [records.LabResultFactory(patient=patient)],
        "score_id": [records.PhqScoreFactory(patient=patient)],
        "statement_id": [records.StatementFactory(patient=patient)],
    }


def _said(patient: Any) -> Rows:
    return {
        "questionnaire_id": [intake.ACNE_INTAKE],
        "response_id": [
            intake.IntakeResponseFactory(patient=patient, submitted=True),
            intake.IntakeResponseFactory(patient=patient, answered=True),
        ],
        "signature_id": [ConsentSignature.objects.filter(patient=patient).first()],
    }


def _webhooks(house: Any) -> Rows:
    enabled = pharmacy.WebhookEndpointFactory(pharmacy=house)
    return {
        "endpoint_id": [
            enabled,
            pharmacy.WebhookEndpointFactory(pharmacy=house, disabled=True),
        ],
        "delivery_id": [pharmacy.WebhookDeliveryFactory(endpoint=enabled, dead=True)],
    }


def _activated(clinic: Any) -> Rows:
    return {"activation_id": [rulebook.PackActivationFactory(clinic=clinic)]}


def _trail(patient: Any, reader: Any) -> Rows:
    """An entry about the patient, and the patient's own export."""
    with transaction.atomic():
        entry = record("patient.read", on=patient, by=reader.user.actor, at=NOW)
    ready = auditor.AuditExportFactory(
        patient=patient, auditor=reader, by_patient=True, ready=True, ready_at=clock.now()
    )
    return {"entry_id": [str(entry.id)], "export_id": [ready]}


def _followed(courses: list[Any]) -> Rows:
    running, ended = courses[0], courses[-1]
    plan = followups.PlanFactory(course=running)
    asked = followups.FollowUpFactory(plan=plan, done=True)
    decision = followups.SecondCourseDecisionFactory(course=ended, patient=running.patient)
    return {
        "follow_up_id": [asked],
        "check_in_id": [followups.CheckInFactory(follow_up=asked)],
        "second_course_decision_id": [decision],
    }
