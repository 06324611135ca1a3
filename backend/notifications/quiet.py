"""Quiet hours: nobody's telephone buzzes at night. Plain Python."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST = time(8)  # from 08:00 where the patient lives
LAST = time(21)  # until 21:00, exclusive


def next_allowed(at: datetime, zone: str, *, urgent: bool = False) -> datetime:
    """The first instant from `at` on (UTC) at which a notice may go out in this zone.

    Urgent notices may go at any time. Civil time is what counts: 08:00 stays 08:00 when the
    clocks change.
    """
    local = at.astimezone(ZoneInfo(zone))
    if urgent or FIRST <= local.time() < LAST:
        return at
    day = local.date() if local.time() < FIRST else local.date() + timedelta(days=1)
    return datetime.combine(day, FIRST, ZoneInfo(zone)).astimezone(UTC)
