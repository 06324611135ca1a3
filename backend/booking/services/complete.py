"""End the session of a visit."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.booking import events
from backend.booking.errors import NotYourVisit
from backend.booking.models import Visit
from backend.booking.queries import visit_for_update
from backend.booking.rules import CHECKLIST, VISITS, VisitStatus
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit


@service
def complete_visit(
    *,
    visit_id: UUID,
    checklist: Mapping[str, bool | None],
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Visit:
    """Record that the session has ended, and its checklist; what is left out stays unknown.

    Raises NotFound, NotYourVisit (403), NotAllowedFromHere (409), Stale (412).
    """
    visit = visit_for_update(visit_id, by)
    if visit.physician.user_id != by.user_id:
        raise NotYourVisit()
    VISITS.check_move("complete", visit.status)
    check_version(visit, expected_version)

    visit.status, visit.ended_at = VisitStatus.COMPLETED.value, at
    for name in CHECKLIST:
        setattr(visit, name, checklist.get(name))
    save_changes(visit, "status", "ended_at", *CHECKLIST)
    facts = {name: str(checklist.get(name)) for name in CHECKLIST}
    facts["video_seconds"] = str(visit.video_seconds)
    record(VISITS["complete"].action, on=visit, by=by, at=at, facts=facts)
    emit(
        events.VISIT_COMPLETED,
        at=at,
        payload={
            "visit_id": visit.ref,
            "patient_id": visit.patient.ref,
            "physician_id": visit.physician.ref,
        },
    )
    return visit
