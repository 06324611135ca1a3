"""Cancel a visit before it is over."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.booking import events
from backend.booking.errors import VisitIsOver
from backend.booking.models import Visit
from backend.booking.queries import visit_for_update
from backend.booking.rules import VISITS, CancelReason, VisitStatus
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit


@service
def cancel_visit(
    *,
    visit_id: UUID,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Visit:
    """Cancel a held or booked visit with a coded reason; the slot is free again.

    Raises NotFound, NotAllowedFromHere and VisitIsOver (409), Stale (412).
    """
    visit = visit_for_update(visit_id, by)
    VISITS.check_move("cancel", visit.status)
    if at >= visit.ends_at:
        raise VisitIsOver()
    check_version(visit, expected_version)

    visit.status, visit.hold_expires_at = VisitStatus.CANCELLED.value, None
    visit.cancelled_at, visit.cancel_reason = at, CancelReason(reason).value
    save_changes(visit, "status", "hold_expires_at", "cancelled_at", "cancel_reason")
    record(VISITS["cancel"].action, on=visit, by=by, at=at, facts={"reason": visit.cancel_reason})
    emit(
        events.VISIT_CANCELLED,
        at=at,
        payload={
            "visit_id": visit.ref,
            "patient_id": visit.patient.ref,
            "physician_id": visit.physician.ref,
            "reason": visit.cancel_reason,
        },
    )
    return visit
