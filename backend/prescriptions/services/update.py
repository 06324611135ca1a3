"""Change a draft, or what was returned for a change."""

from datetime import datetime
from uuid import UUID

from backend import clock
from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.prescriptions.dosage import FIELDS, Content, fill
from backend.prescriptions.models import Prescription
from backend.prescriptions.rules import PRESCRIPTIONS
from backend.prescriptions.steps.lock_prescription import lock_prescription


@service
def update_prescription(
    *,
    prescription_id: UUID,
    content: Content,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Prescription:
    """Replace the content of a draft or returned prescription.

    Raises NotAllowedFromHere (409), Stale (412), and what `fill` raises.
    """
    row = lock_prescription(prescription_id)
    PRESCRIPTIONS.check_move("update", row.status)
    check_version(row, expected_version)
    fill(row, content, today=clock.civil_day(at, row.patient.zone), by=by)
    save_changes(row, *FIELDS)
    facts = {"lot_id": row.lot.ref, "daily_mg": str(row.daily_mg), "days": str(row.days)}
    record(PRESCRIPTIONS["update"].action, on=row, by=by, at=at, facts=facts)
    return row
