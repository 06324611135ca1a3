"""Turn a held slot into a booking."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.booking import events
from backend.booking.errors import HoldExpired
from backend.booking.models import Visit
from backend.booking.queries import visit_for_update
from backend.booking.rules import VISITS, VisitStatus
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit


@service
def confirm_visit(
    *, visit_id: UUID, expected_version: int | None = None, by: Actor, at: datetime
) -> Visit:
    """Book the held visit: one locked read, one update, one entry, one event.

    Raises NotFound, HoldExpired and NotAllowedFromHere (409), Stale (412).
    """
    visit = visit_for_update(visit_id, by)
    if _hold_is_over(visit, at):
        raise HoldExpired()
    VISITS.check_move("confirm", visit.status)
    check_version(visit, expected_version)

    visit.status, visit.hold_expires_at = VisitStatus.BOOKED.value, None
    visit.confirmed_at = at
    save_changes(visit, "status", "hold_expires_at", "confirmed_at")
    record(VISITS["confirm"].action, on=visit, by=by, at=at)
    emit(
        events.VISIT_CONFIRMED,
        at=at,
        payload={
            "visit_id": visit.ref,
            "patient_id": visit.patient.ref,
            "physician_id": visit.physician.ref,
        },
    )
    return visit


def _hold_is_over(visit: Visit, at: datetime) -> bool:
    expires_at = visit.hold_expires_at
    over = expires_at is not None and expires_at <= at
    return over or visit.status == VisitStatus.EXPIRED
