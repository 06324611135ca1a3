"""Return a prescription to whoever drafted it."""

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
def return_prescription(
    *,
    prescription_id: UUID,
    reason: str,
    note: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Prescription:
    """Send a submitted prescription back for a change. Raises NotAllowedFromHere, Stale."""
    row = lock_prescription(prescription_id)
    PRESCRIPTIONS.check_move("return", row.status)
    check_version(row, expected_version)
    row.status = PrescriptionStatus.RETURNED.value
    row.return_reason, row.return_note = reason, note
    save_changes(row, "status", "return_reason", "return_note")
    record(PRESCRIPTIONS["return"].action, on=row, by=by, at=at, facts={"reason": reason})
    payload = {"prescription_id": row.ref, "patient_id": row.patient.ref, "reason": reason}
    emit(events.PRESCRIPTION_RETURNED, at=at, payload=payload)
    return row
