"""Offer weekly hours."""

from datetime import date, datetime
from uuid import UUID

from backend.audit.record import record
from backend.booking.models import AvailabilityRule
from backend.booking.queries import physician_of
from backend.booking.rules import AVAILABILITY_RULES
from backend.booking.steps.check_own_hours import check_own_hours
from backend.db import service
from backend.kernel.actor import Actor


@service
def create_rule(
    *,
    physician_id: UUID,
    weekday: int,
    starts_minute: int,
    ends_minute: int,
    slot_minutes: int,
    zone: str,
    valid_from: date,
    valid_until: date | None,
    by: Actor,
    at: datetime,
) -> AvailabilityRule:
    """Offer slots on a weekday (1 is Monday), in minutes since midnight of an IANA zone.

    Raises Invalid (no such physician), NotYourHours (403).
    """
    physician = physician_of(by, physician_id)
    check_own_hours(physician, by=by)
    rule = AvailabilityRule.objects.create(
        physician=physician,
        weekday=weekday,
        starts_minute=starts_minute,
        ends_minute=ends_minute,
        slot_minutes=slot_minutes,
        zone=zone,
        valid_from=valid_from,
        valid_until=valid_until,
        created_at=at,
    )
    facts = {"physician": physician.ref, "weekday": str(weekday)}
    record(AVAILABILITY_RULES["create"].action, on=rule, by=by, at=at, facts=facts)
    return rule
