"""From civil time to an instant: 09:00 stays 09:00 when the clocks change. Plain Python."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def instant_of(on: date, local_time: time, zone: str) -> datetime:
    """The instant (UTC) of a civil time.

    A time that the clocks skip is moved on by what they skip; of a time that comes twice the
    first one counts (RFC 5545, 3.3.5). So each date has exactly one instant.
    """
    return datetime.combine(on, local_time, ZoneInfo(zone)).astimezone(UTC)
