"""Give a claimed prescription back."""

from datetime import datetime
from uuid import UUID

from backend.db import check_version, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.pharmacy import events
from backend.pharmacy.counter import check_own_claim
from backend.prescriptions.models import Prescription
from backend.prescriptions.rules import PRESCRIPTIONS
from backend.prescriptions.steps.lock_prescription import lock_prescription
from backend.prescriptions.steps.move_prescription import release_prescription


@service
def release(
    *, prescription_id: UUID, by: Actor, at: datetime, expected_version: int | None = None
) -> Prescription:
    """Open for any pharmacy again. Raises NotAllowedFromHere, ClaimLapsed (409), Stale (412)."""
    row = lock_prescription(prescription_id)
    PRESCRIPTIONS.check_move("release", row.status)
    check_own_claim(row, by.pharmacy_id, at)
    check_version(row, expected_version)
    payload = {
        "prescription_id": row.ref,
        "patient_id": row.patient.ref,
        "pharmacy_id": row.claimed_by.ref if row.claimed_by else "",
    }
    release_prescription(row, by=by, at=at)
    emit(events.PRESCRIPTION_RELEASED, at=at, payload=payload)
    return row
