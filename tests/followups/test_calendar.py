"""Days and instants of a plan: no database."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.followups.local_time import instant_of
from backend.followups.template import (
    closing_on,
    second_course_opens_on,
    template,
    template_for,
)
from backend.protocol.pack import load

NINE = time(9)
ZONES = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})
DAYS = st.integers(0, 3650).map(lambda days: date(2026, 1, 1) + timedelta(days=days))


def test_a_plan_asks_on_day_7_14_28_and_every_30_days():
    assert template("jp_2026").check_in_days(150) == [7, 14, 28, 58, 88, 118, 148]


@pytest.mark.parametrize(("up_to", "expected"), [(6, []), (7, [7]), (57, [7, 14, 28])])
def test_a_plan_is_written_up_to_its_horizon(up_to, expected):
    assert template("jp_2026").check_in_days(up_to) == expected


@pytest.mark.parametrize("programme", ["jp", "us", "uk", "eu"])
def test_every_programme_has_a_template(programme):
    assert programme in template_for(programme).programmes


@pytest.mark.parametrize(
    ("ended_on", "expected"),
    [
        (date(2026, 1, 31), date(2026, 3, 2)),  # 30 days are later than 28 February
        (date(2026, 3, 10), date(2026, 4, 10)),  # one month is later than 9 April
        (date(2026, 4, 10), date(2026, 5, 10)),  # both the same
    ],
)
def test_t_08_the_closing_check_is_the_later_of_one_month_and_thirty_days(ended_on, expected):
    assert closing_on(ended_on, load("jp_house_2026")) == expected


@pytest.mark.parametrize(
    ("pack", "expected"),
    [("jp_house_2026", date(2026, 12, 31)), ("us_ipledge_2023", date(2027, 1, 5))],
)
def test_t_20_a_second_course_opens_when_the_pack_says(pack, expected):
    assert second_course_opens_on(date(2026, 11, 5), load(pack)) == expected


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London", "Asia/Tokyo"])
def test_nine_stays_nine_all_year(zone):
    for day in range(366):
        on = date(2026, 1, 1) + timedelta(days=day)

        local = instant_of(on, NINE, zone).astimezone(ZoneInfo(zone))

        assert (local.date(), local.time()) == (on, NINE)


def test_nine_in_london_is_an_hour_earlier_once_summer_time_begins():
    saturday = instant_of(date(2026, 3, 28), NINE, "Europe/London")
    sunday = instant_of(date(2026, 3, 29), NINE, "Europe/London")

    assert saturday == datetime(2026, 3, 28, 9, tzinfo=UTC)
    assert sunday == datetime(2026, 3, 29, 8, tzinfo=UTC)


@given(zone=st.sampled_from(ZONES), on=DAYS)
def test_nine_stays_nine_in_every_zone(zone, on):
    local = instant_of(on, NINE, zone).astimezone(ZoneInfo(zone))

    assert (local.date(), local.time()) == (on, NINE)


@given(zone=st.sampled_from(ZONES), on=DAYS, minute=st.integers(0, 1439))
def test_each_day_has_one_instant_and_they_come_in_order(zone, on, minute):
    local_time = time(minute // 60, minute % 60)

    today = instant_of(on, local_time, zone)
    tomorrow = instant_of(on + timedelta(days=1), local_time, zone)

    assert timedelta(hours=21) <= tomorrow - today <= timedelta(hours=27)


def test_a_time_that_the_clocks_skip_is_moved_on():
    skipped = instant_of(date(2026, 3, 29), time(1, 30), "Europe/London")

    assert skipped.astimezone(ZoneInfo("Europe/London")).time() == time(2, 30)


def test_of_a_time_that_comes_twice_the_first_counts():
    twice = instant_of(date(2026, 10, 25), time(1, 30), "Europe/London")

    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
