"""Begin the session of a visit."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.booking.errors import NotYourVisit
from backend.booking.models import Visit
from backend.booking.queries import visit_for_update
from backend.booking.rules import (
    VISITS,
    HistoryEvidence,
    VisitKind,
    VisitMode,
    VisitStatus,
)
from backend.booking.video import check_room_open
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor


@service
def start_visit(
    *,
    visit_id: UUID,
    mode: str,
    kind: str,
    history: str,
    session_id: str | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Visit:
    """Record that the session has begun: its id, how they meet, and what is known (J-04, J-06).

    `session_id` is the video system's; left out, the visit's own room is the session. Raises
    NotFound, NotYourVisit (403), NotAllowedFromHere and RoomClosed (409), Stale (412).
    """
    visit = visit_for_update(visit_id, by)
    if visit.physician.user_id != by.user_id:
        raise NotYourVisit()
    VISITS.check_move("start", visit.status)
    check_room_open(visit, at)
    check_version(visit, expected_version)

    visit.status, visit.started_at = VisitStatus.IN_PROGRESS.value, at
    visit.session_id = session_id or visit.room
    visit.mode, visit.kind = VisitMode(mode).value, VisitKind(kind).value
    visit.history = HistoryEvidence(history).value
    save_changes(visit, "status", "started_at", "session_id", "mode", "kind", "history")
    facts = {"mode": mode, "kind": kind, "history": history}
    record(VISITS["start"].action, on=visit, by=by, at=at, facts=facts)
    return visit
