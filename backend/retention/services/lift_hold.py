"""Use case: an auditor lifts a hold."""

from datetime import datetime
from uuid import UUID

from backend.accounts.queries import user_of
from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.kernel.ids import public_id
from backend.outbox.emit import emit
from backend.retention import events
from backend.retention.models import LegalHold
from backend.retention.queries import hold_for_update
from backend.retention.rules import LEGAL_HOLDS


@service
def lift_hold(
    *,
    hold_id: UUID,
    lift_reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> LegalHold:
    """The hold, lifted for good. Raises NotFound, NotAllowedFromHere (409) and Stale (412)."""
    row = hold_for_update(hold_id, by)
    LEGAL_HOLDS.check_move("lift", row.status)
    check_version(row, expected_version)

    row.lifted_at, row.lifted_by, row.lift_reason = at, user_of(by), lift_reason
    save_changes(row, "lifted_at", "lifted_by", "lift_reason")
    record(LEGAL_HOLDS["lift"].action, on=row, by=by, at=at)
    payload = {"legal_hold_id": row.ref, "clinic_id": public_id("cl", row.patient.clinic_id)}
    emit(events.HOLD_LIFTED, at=at, payload=payload)
    return row
