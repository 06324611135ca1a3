"""Use case: an auditor places a hold, and the record stays whatever its age."""

from datetime import datetime
from uuid import UUID

from backend.accounts.queries import user_of
from backend.audit.record import record
from backend.db import service
from backend.kernel.actor import Actor
from backend.kernel.ids import public_id
from backend.outbox.emit import emit
from backend.retention import events
from backend.retention.models import LegalHold
from backend.retention.queries import patient_for_update
from backend.retention.rules import LEGAL_HOLDS, HoldReason


@service
def place_hold(
    *, patient_id: UUID, reason: HoldReason, reason_text: str, by: Actor, at: datetime
) -> LegalHold:
    """The hold. Several may stand, each for its own reason. Raises NotFound."""
    patient = patient_for_update(patient_id, by)
    row = LegalHold(
        patient=patient,
        reason=reason.value,
        reason_text=reason_text,
        placed_at=at,
        placed_by=user_of(by),
    )
    row.save(force_insert=True)
    facts = {"reason": row.reason}
    record(LEGAL_HOLDS["place"].action, on=row, by=by, at=at, facts=facts)
    payload = {"legal_hold_id": row.ref, "clinic_id": public_id("cl", patient.clinic_id)}
    emit(events.HOLD_PLACED, at=at, payload=payload)
    return row
