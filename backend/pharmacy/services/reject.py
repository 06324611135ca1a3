"""Refuse to dispense a claimed prescription."""

from datetime import datetime, timedelta
from uuid import UUID

from backend.db import check_version, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.pharmacy import events
from backend.pharmacy.counter import check_own_claim
from backend.pharmacy.rules import RejectReason
from backend.prescriptions.models import Prescription
from backend.prescriptions.rules import PRESCRIPTIONS
from backend.prescriptions.steps.lock_prescription import lock_prescription
from backend.prescriptions.steps.move_prescription import reject_prescription
from backend.worklist.rules import Priority, TaskKind
from backend.worklist.steps.open_task import open_task

ANSWER_WITHIN = timedelta(hours=24)


@service
def reject(
    *,
    prescription_id: UUID,
    reason: str,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> Prescription:
    """Rejected for good, with a RejectReason; the physician gets a task to prescribe anew or not.

    Raises NotAllowedFromHere, ClaimLapsed (409), Stale (412).
    """
    row = lock_prescription(prescription_id)
    PRESCRIPTIONS.check_move("reject", row.status)
    check_own_claim(row, by.pharmacy_id, at)
    check_version(row, expected_version)
    reject_prescription(row, reason_code=RejectReason(reason).value, by=by, at=at)
    open_task(
        patient=row.patient,
        kind=TaskKind.PRESCRIPTION_REJECTED,
        priority=Priority.NORMAL,
        due_at=at + ANSWER_WITHIN,
        about_ref=row.ref,
        blocks_release=False,
        by=by,
        at=at,
    )
    payload = {
        "prescription_id": row.ref,
        "patient_id": row.patient.ref,
        "pharmacy_id": row.claimed_by.ref if row.claimed_by else "",
        "reason": reason,
    }
    emit(events.PRESCRIPTION_REJECTED, at=at, payload=payload)
    return row
