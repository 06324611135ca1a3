"""Days, months and windows: the only place where dates are counted (docs/domain.md, Days).

Civil dates only; hours and clock changes never count. Arithmetic stops at the ends of the
calendar instead of failing, so that a date far away still gets an answer.
"""

import calendar
from datetime import UTC, date, datetime
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

EASTERN = "America/New_York"  # the clock of P-US-09, P-US-11 and P-US-14
_NOT_IANA = frozenset({"localtime", "Factory"})


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - _NOT_IANA


def is_zone(name: str | None) -> bool:
    """Whether this is an IANA time zone (X-07)."""
    return name is not None and name in _zones()


def civil_day(now: datetime, zone: str) -> date:
    """The civil date of an instant in an IANA zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def utc_day(now: datetime) -> date:
    """The civil date of an instant in UTC; picks a pack when the zone is unknown (X-07)."""
    return now.astimezone(UTC).date()


def add_days(day: date, days: int) -> date:
    """So many days later (earlier, if negative), at most the end of the calendar."""
    ordinal = day.toordinal() + days
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))


def last_day(first: date, days: int) -> date:
    """The last day of a window of so many days; the first day is day 1."""
    return add_days(first, days - 1)


def days_between(earlier: date, later: date) -> int:
    """How many days `later` is after `earlier`; the age in days of something dated `earlier`."""
    return (later - earlier).days


def months_after(day: date, months: int) -> date:
    """The same day number so many months later, or that month's last day. Negative: before."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if year < date.min.year:
        return date.min
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_before(day: date, months: int) -> date:
    """The same day number so many months earlier, or that month's last day."""
    return months_after(day, -months)


def one_month_after(day: date, at_least_days: int) -> date:
    """M(d): the later of one calendar month and so many days (30) after the day."""
    return max(months_after(day, 1), add_days(day, at_least_days))


def age(birth_on: date, today: date) -> int:
    """Completed years. A 29 February birthday falls on 1 March in other years."""
    birthday_to_come = (today.month, today.day) < (birth_on.month, birth_on.day)
    return today.year - birth_on.year - birthday_to_come


def whole_days(days: Decimal) -> int:
    """A number of days that is not whole, rounded up (C-22, D-08)."""
    return int(days.to_integral_value(rounding=ROUND_CEILING))
