"""Write a note about a visit."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.booking.models import VisitNote
from backend.booking.queries import visit_for_update
from backend.booking.rules import VISITS, NoteKind, VisitStatus
from backend.db import check_version, service
from backend.kernel.actor import Actor
from backend.kernel.errors import NotFound


@service
def add_note(
    *,
    visit_id: UUID,
    text: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> VisitNote:
    """Append a note while the visit goes on, an addendum once it is completed.

    Nothing that was written can be changed. Raises NotFound, NotAllowedFromHere (409), Stale.
    """
    if by.user_id is None:
        raise NotFound()
    visit = visit_for_update(visit_id, by)
    VISITS.check_move("add_note", visit.status)
    check_version(visit, expected_version)

    locked = visit.status == VisitStatus.COMPLETED
    note = VisitNote.objects.create(
        visit=visit,
        patient=visit.patient,
        author_id=by.user_id,
        kind=(NoteKind.ADDENDUM if locked else NoteKind.NOTE).value,
        text=text,
        written_at=at,
    )
    facts = {"note": note.ref, "kind": note.kind}
    record(VISITS["add_note"].action, on=visit, by=by, at=at, facts=facts)
    return note
