"""Record that the patient did not come."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.booking import events
from backend.booking.errors import VisitNotBegun
from backend.booking.models import Visit
from backend.booking.queries import visit_for_update
from backend.booking.rules import VISITS, VisitStatus
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit


@service
def mark_no_show(
    *, visit_id: UUID, expected_version: int | None = None, by: Actor, at: datetime
) -> Visit:
    """Close a booked visit to which nobody came, from its beginning on.

    Raises NotFound, NotAllowedFromHere and VisitNotBegun (409), Stale (412).
    """
    visit = visit_for_update(visit_id, by)
    VISITS.check_move("mark_no_show", visit.status)
    if at < visit.starts_at:
        raise VisitNotBegun()
    check_version(visit, expected_version)

    visit.status = VisitStatus.NO_SHOW.value
    save_changes(visit, "status")
    record(VISITS["mark_no_show"].action, on=visit, by=by, at=at)
    emit(
        events.VISIT_NO_SHOW,
        at=at,
        payload={
            "visit_id": visit.ref,
            "patient_id": visit.patient.ref,
            "physician_id": visit.physician.ref,
        },
    )
    return visit
