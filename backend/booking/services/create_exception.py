"""Close an interval, or offer extra hours."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.booking.models import AvailabilityException
from backend.booking.queries import physician_of
from backend.booking.rules import AVAILABILITY_EXCEPTIONS, ExceptionKind
from backend.booking.steps.check_own_hours import check_own_hours
from backend.db import service
from backend.kernel.actor import Actor


@service
def create_exception(
    *,
    physician_id: UUID,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    slot_minutes: int | None,
    by: Actor,
    at: datetime,
) -> AvailabilityException:
    """Close an interval (no slots in it; visits that were booked stay) or offer extra slots.

    Raises Invalid (no such physician), NotYourHours (403).
    """
    physician = physician_of(by, physician_id)
    check_own_hours(physician, by=by)
    exception = AvailabilityException.objects.create(
        physician=physician,
        kind=ExceptionKind(kind).value,
        starts_at=starts_at,
        ends_at=ends_at,
        slot_minutes=slot_minutes,
        created_at=at,
    )
    facts = {"physician": physician.ref, "kind": exception.kind}
    record(AVAILABILITY_EXCEPTIONS["create"].action, on=exception, by=by, at=at, facts=facts)
    return exception
