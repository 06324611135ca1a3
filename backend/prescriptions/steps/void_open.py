"""Void whatever is open on a course."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from backend.audit.record import record
from backend.db import require_transaction, save_changes
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.prescriptions import events
from backend.prescriptions.models import Course, Prescription
from backend.prescriptions.rules import OPEN, PRESCRIPTIONS, PrescriptionStatus, VoidReason


def void_open_prescriptions(
    course: Course, *, reason: VoidReason, by: Actor, at: datetime
) -> list[Prescription]:
    """Void every open prescription of a locked course, and say so for each. Returns them."""
    require_transaction()
    rows = list(
        Prescription.objects.select_for_update(of=("self",))
        .filter(course=course, status__in=OPEN)
        .order_by("id")
    )
    for row in rows:
        row.patient = course.patient
        PRESCRIPTIONS.check_move("void_with_course", row.status)
        void_one(row, reason=reason, action="void_with_course", by=by, at=at)
    return rows


def void_one(
    row: Prescription,
    *,
    reason: VoidReason,
    action: str,
    facts: Mapping[str, str] = MappingProxyType({}),
    by: Actor,
    at: datetime,
) -> None:
    """Void one locked prescription: it never comes back. `facts`: more for the entry."""
    require_transaction()
    was = row.status
    row.status = PrescriptionStatus.VOIDED.value
    row.void_reason, row.voided_at = reason.value, at
    save_changes(row, "status", "void_reason", "voided_at")
    entry = {**facts, "reason": reason.value, "was": was}
    record(PRESCRIPTIONS[action].action, on=row, by=by, at=at, facts=entry)
    payload = {
        "prescription_id": row.ref,
        "patient_id": row.patient.ref,
        "reason": reason.value,
        "was": was,
    }
    emit(events.PRESCRIPTION_VOIDED, at=at, payload=payload)
