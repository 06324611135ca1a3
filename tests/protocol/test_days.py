"""Section 0.4: days, months, ages and zones are counted in one place."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from time import tzset

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.protocol.days import (
    add_days,
    age,
    civil_day,
    is_zone,
    last_day,
    months_after,
    months_before,
    one_month_after,
    utc_day,
    whole_days,
)


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_after_ends_at_the_months_last_day(day, months, after):
    assert months_after(day, months) == after


def test_months_before_is_the_same_backwards():
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 2) == date(2025, 11, 15)


@pytest.mark.parametrize(
    ("day", "after"),
    [
        (date(2026, 1, 31), date(2026, 3, 2)),  # thirty days are later
        (date(2026, 3, 10), date(2026, 4, 10)),  # the calendar month is later
        (date(2026, 4, 10), date(2026, 5, 10)),
    ],
)
def test_one_month_after_is_the_later_of_month_and_thirty_days(day, after):
    assert one_month_after(day, 30) == after


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_one_month_after_is_never_less_than_thirty_days(day):
    assert one_month_after(day, 30) - day >= timedelta(days=30)


@pytest.mark.parametrize(
    ("birth_on", "today", "years"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2024, 2, 29), 16),
        (date(2014, 6, 16), date(2026, 6, 15), 11),
        (date(2014, 6, 15), date(2026, 6, 15), 12),
    ],
)
def test_age_in_completed_years_and_the_leap_day(birth_on, today, years):
    assert age(birth_on, today) == years


def test_the_first_day_of_a_window_is_day_one():
    assert last_day(date(2026, 3, 24), 7) == date(2026, 3, 30)


def test_days_stop_at_the_ends_of_the_calendar():
    assert add_days(date.max, 1) == date.max
    assert add_days(date.min, -1) == date.min
    assert months_after(date.max, 1) == date.max
    assert months_before(date.min, 1) == date.min


def test_up_to_the_ends_of_the_calendar_months_are_counted():
    assert months_before(date(1, 3, 15), 2) == date(1, 1, 15)
    assert months_after(date(9999, 10, 15), 2) == date(9999, 12, 15)


def test_the_zone_of_the_machine_never_counts(monkeypatch):
    late = datetime(2026, 6, 15, 20, tzinfo=UTC)  # the 16th in Tokyo
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    tzset()

    days = utc_day(late), civil_day(late, "Europe/London")
    monkeypatch.undo()
    tzset()

    assert days == (date(2026, 6, 15), date(2026, 6, 15))


def test_clock_changes_never_count():
    change = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # London goes forward at 01:00 UTC

    assert civil_day(change, "Europe/London") == date(2026, 3, 29)
    assert civil_day(change, "America/New_York") == date(2026, 3, 28)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Europe/London", "UTC", "Etc/GMT+9"])
def test_x_07_an_iana_zone(zone):
    assert is_zone(zone)


@pytest.mark.parametrize(
    "zone",
    [
        *(None, "", "Tokyo", "+09:00", "../Asia/Tokyo", "posix/UTC", "Europe"),
        *("localtime", "posixrules", "Factory"),
    ],
)
def test_x_07_not_an_iana_zone(zone):
    assert not is_zone(zone)


@pytest.mark.parametrize(("days", "whole"), [("2.01", 3), ("2", 2), ("0.5", 1)])
def test_a_part_of_a_day_is_a_day(days, whole):
    assert whole_days(Decimal(days)) == whole
