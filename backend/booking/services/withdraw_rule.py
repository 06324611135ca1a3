"""Take back weekly hours."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.booking.models import AvailabilityRule
from backend.booking.queries import rules_visible_to
from backend.booking.rules import AVAILABILITY_RULES, HoursStatus
from backend.booking.steps.check_own_hours import check_own_hours
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.kernel.errors import NotFound


@service
def withdraw_rule(
    *, rule_id: UUID, expected_version: int | None = None, by: Actor, at: datetime
) -> AvailabilityRule:
    """Let the hours count no more; visits that were booked stay.

    Raises NotFound, NotYourHours (403), NotAllowedFromHere (409), Stale (412).
    """
    row = rules_visible_to(by).select_for_update(of=("self",)).filter(id=rule_id).first()
    if row is None:
        raise NotFound()
    check_own_hours(row.physician, by=by)
    AVAILABILITY_RULES.check_move("withdraw", row.status)
    check_version(row, expected_version)

    row.status, row.withdrawn_at = HoursStatus.WITHDRAWN.value, at
    save_changes(row, "status", "withdrawn_at")
    record(AVAILABILITY_RULES["withdraw"].action, on=row, by=by, at=at)
    return row
