"""Use case: a physician opens the record of somebody with whom there is no care relation."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from backend import clock
from backend.accounts.models import Patient
from backend.accounts.queries import patients_visible_to, user_of
from backend.audit.record import instant, record
from backend.care import events
from backend.care.errors import GlassAlreadyBroken, GlassNotNeeded
from backend.care.models import EmergencyAccess
from backend.care.relations import care_of
from backend.care.rules import (
    EMERGENCY_ACCESSES,
    REVIEW_WITHIN,
    Care,
    EmergencyAccessStatus,
    EmergencyReason,
)
from backend.db import refused_by, service
from backend.kernel.actor import Actor
from backend.kernel.errors import NotFound
from backend.kernel.ids import public_id
from backend.origin import EMERGENCY, for_purpose
from backend.outbox.emit import emit
from backend.worklist.models import Task
from backend.worklist.rules import Priority, TaskKind
from backend.worklist.steps.open_task import open_task


@service
def break_glass(
    *, patient_id: UUID, reason: EmergencyReason, reason_text: str, by: Actor, at: datetime
) -> EmergencyAccess:
    """The access: EMERGENCY_ACCESS_MINUTES on the patient's clock, and an urgent task to review it.

    The administrators are written to by whoever hears the event. Raises NotFound, GlassNotNeeded
    and GlassAlreadyBroken (409).
    """
    patient = _locked(patient_id, by)
    care = care_of(by, patient_id, now=clock.now())
    if care is Care.TREATMENT:
        raise GlassNotNeeded()
    if care is Care.EMERGENCY:
        raise GlassAlreadyBroken()
    row = EmergencyAccess(
        patient=patient,
        opened_by=user_of(by),
        reason=reason.value,
        reason_text=reason_text.strip(),
        status=EmergencyAccessStatus.GRANTED.value,
        granted_at=at,
        expires_at=at + timedelta(minutes=settings.EMERGENCY_ACCESS_MINUTES),
    )
    with for_purpose(EMERGENCY):
        row.task = _review_task(row, by=by, at=at)
        with refused_by({"emergency_access_one_at_a_time": GlassAlreadyBroken}):
            row.save(force_insert=True)
        facts = {"reason": row.reason, "expires_at": instant(row.expires_at), "task": row.task.ref}
        record(EMERGENCY_ACCESSES["break_glass"].action, on=row, by=by, at=at, facts=facts)
    payload = {
        "emergency_access_id": row.ref,
        "patient_id": patient.ref,
        "clinic_id": public_id("cl", patient.clinic_id),
    }
    emit(events.EMERGENCY_ACCESS_OPENED, at=at, payload=payload)
    return row


def _locked(patient_id: UUID, by: Actor) -> Patient:
    rows = patients_visible_to(by).select_related(None).select_related("test_clock")
    patient = rows.select_for_update(of=("self",)).filter(id=patient_id).first()
    if patient is None:
        raise NotFound()
    return patient


def _review_task(row: EmergencyAccess, *, by: Actor, at: datetime) -> Task:
    return open_task(
        patient=row.patient,
        kind=TaskKind.EMERGENCY_ACCESS_REVIEW,
        priority=Priority.URGENT,
        due_at=at + REVIEW_WITHIN,
        about_ref=row.ref,
        blocks_release=False,
        by=by,
        at=at,
    )
