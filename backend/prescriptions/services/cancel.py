"""Give up a prescription that was not issued."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.prescriptions import events
from backend.prescriptions.models import Prescription
from backend.prescriptions.rules import PRESCRIPTIONS, PrescriptionStatus
from backend.prescriptions.steps.lock_prescription import lock_prescription


@service
def cancel_prescription(
    *, prescription_id: UUID, expected_version: int | None = None, by: Actor, at: datetime
) -> Prescription:
    """Cancel a draft, a submitted or a returned prescription. Raises NotAllowedFromHere, Stale."""
    row = lock_prescription(prescription_id)
    PRESCRIPTIONS.check_move("cancel", row.status)
    check_version(row, expected_version)
    row.status = PrescriptionStatus.CANCELLED.value
    save_changes(row, "status")
    record(PRESCRIPTIONS["cancel"].action, on=row, by=by, at=at)
    payload = {"prescription_id": row.ref, "patient_id": row.patient.ref}
    emit(events.PRESCRIPTION_CANCELLED, at=at, payload=payload)
    return row
