"""From weekly hours to slots: no database. The edges are those of days and of clocks."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.booking.slots import DAY, Extra, Span, free_of, instant_of, offered, slots_on

ZONES = sorted(name for name in available_timezones() if "/" in name)
NEW_YORK, LONDON, APIA = (
    ZoneInfo(name) for name in ("America/New_York", "Europe/London", "Pacific/Apia")
)


@dataclass
class Hours:
    """Weekly hours of a test: all day long, unless told otherwise."""

    zone: str = "Asia/Tokyo"
    weekday: int = 4
    starts_minute: int = 9 * 60
    ends_minute: int = 12 * 60
    slot_minutes: int = 30
    valid_from: date = date(2000, 1, 1)
    valid_until: date | None = None


def utc(*numbers):
    return datetime(*numbers, tzinfo=UTC)


def shown(instant, zone):
    return instant.astimezone(ZoneInfo(zone)).strftime("%H:%M")


THURSDAY = date(2026, 3, 12)


def test_a_morning_is_cut_into_slots_and_none_goes_past_its_end():
    slots = list(slots_on(THURSDAY, Hours(ends_minute=10 * 60 + 45)))

    assert [shown(slot.starts_at, "Asia/Tokyo") for slot in slots] == ["09:00", "09:30", "10:00"]
    assert slots[0] == Span(utc(2026, 3, 12), utc(2026, 3, 12, 0, 30))


def test_hours_may_end_at_midnight():
    slots = list(slots_on(THURSDAY, Hours(starts_minute=23 * 60, ends_minute=1440)))

    assert [shown(slot.starts_at, "Asia/Tokyo") for slot in slots] == ["23:00", "23:30"]


@pytest.mark.parametrize(
    ("hours", "count"),
    [
        (Hours(), 6),
        (Hours(weekday=3), 0),
        (Hours(valid_from=THURSDAY), 6),
        (Hours(valid_from=THURSDAY + DAY), 0),
        (Hours(valid_until=THURSDAY), 6),
        (Hours(valid_until=THURSDAY - DAY), 0),
    ],
)
def test_hours_count_on_their_weekday_and_days_only(hours, count):
    assert len(list(slots_on(THURSDAY, hours))) == count


def test_a_time_in_the_gap_is_no_time():
    assert instant_of(date(2026, 3, 8), 119, NEW_YORK) == utc(2026, 3, 8, 6, 59)
    assert instant_of(date(2026, 3, 8), 120, NEW_YORK) is None
    assert instant_of(date(2026, 3, 8), 179, NEW_YORK) is None
    assert instant_of(date(2026, 3, 8), 180, NEW_YORK) == utc(2026, 3, 8, 7)


def test_a_time_in_the_fold_is_the_first():
    assert instant_of(date(2026, 10, 25), 59, LONDON) == utc(2026, 10, 24, 23, 59)
    assert instant_of(date(2026, 10, 25), 60, LONDON) == utc(2026, 10, 25, 0)
    assert instant_of(date(2026, 10, 25), 120, LONDON) == utc(2026, 10, 25, 2)


def test_a_day_that_never_was_has_no_slots():
    hours = Hours(zone="Pacific/Apia", weekday=5, starts_minute=0, ends_minute=1440)

    assert list(slots_on(date(2011, 12, 30), hours)) == []
    assert instant_of(date(2011, 12, 30), 720, APIA) is None


def test_a_slot_before_the_gap_lasts_its_full_time():
    hours = Hours(
        zone="America/New_York", weekday=7, starts_minute=60, ends_minute=300, slot_minutes=90
    )
    window = Span(utc(2026, 3, 8), utc(2026, 3, 9))

    slots = offered(window, weekly=[hours], extra=[], closed=[])

    assert slots == [Span(utc(2026, 3, 8, 6), utc(2026, 3, 8, 7, 30))]


def test_nine_o_clock_stays_nine_o_clock_across_the_change():
    hours = [Hours(zone="Europe/London", weekday=day) for day in (6, 7, 1)]
    window = Span(utc(2026, 3, 28), utc(2026, 3, 31))

    slots = offered(window, weekly=hours, extra=[], closed=[])

    firsts = [slot.starts_at for slot in slots if shown(slot.starts_at, "Europe/London") == "09:00"]
    assert firsts == [utc(2026, 3, 28, 9), utc(2026, 3, 29, 8), utc(2026, 3, 30, 8)]


WINDOW = Span(utc(2026, 3, 12), utc(2026, 3, 13))


def test_a_slot_belongs_to_the_window_in_which_it_begins():
    begins = [slot.starts_at for slot in offered(WINDOW, weekly=[Hours()], extra=[], closed=[])]
    earlier = Span(WINDOW.starts_at - DAY, WINDOW.starts_at)
    later = Span(begins[-1], WINDOW.ends_at)

    assert len(begins) == 6
    assert offered(earlier, weekly=[Hours()], extra=[], closed=[]) == []
    assert [s.starts_at for s in offered(later, weekly=[Hours()], extra=[], closed=[])] == [
        begins[-1]
    ]


def test_what_is_closed_takes_every_slot_that_it_touches():
    closed = [Span(utc(2026, 3, 12, 0, 29), utc(2026, 3, 12, 0, 31))]

    slots = offered(WINDOW, weekly=[Hours()], extra=[], closed=closed)

    assert [shown(slot.starts_at, "Asia/Tokyo") for slot in slots] == [
        "10:00",
        "10:30",
        "11:00",
        "11:30",
    ]


def test_what_is_closed_up_to_a_slot_leaves_it_free():
    closed = [Span(utc(2026, 3, 11), utc(2026, 3, 12)), Span(utc(2026, 3, 12, 3), WINDOW.ends_at)]

    assert len(offered(WINDOW, weekly=[Hours()], extra=[], closed=closed)) == 6


def test_extra_hours_stand_beside_the_weekly_ones_and_never_overlap_them():
    extra = [Extra(utc(2026, 3, 12, 2, 45), utc(2026, 3, 12, 4, 20), 30)]

    slots = offered(WINDOW, weekly=[Hours()], extra=extra, closed=[])

    assert [shown(slot.starts_at, "Asia/Tokyo") for slot in slots[-3:]] == [
        "11:30",
        "12:15",
        "12:45",
    ]


def test_hours_that_are_said_twice_count_once():
    assert len(offered(WINDOW, weekly=[Hours(), Hours()], extra=[], closed=[])) == 6


def test_a_long_taken_time_hides_behind_no_short_one():
    slot = Span(utc(2026, 3, 12, 2), utc(2026, 3, 12, 3))
    long = Span(utc(2026, 3, 12), utc(2026, 3, 12, 4))
    short = Span(utc(2026, 3, 12, 1), utc(2026, 3, 12, 1, 5))

    assert free_of([slot], [long, short]) == []


def first_showing(day, minute, zone):
    """By brute force: the first UTC minute at which a clock there shows this."""
    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    instant = wanted.replace(tzinfo=UTC) - timedelta(hours=27)
    for _ in range(54 * 12):
        if instant.astimezone(zone).replace(tzinfo=None) == wanted:
            return instant
        instant += timedelta(minutes=5)
    return None


@st.composite
def days_of_change(draw):
    """A zone and a day on which its clocks change, or may."""
    name = draw(st.sampled_from(ZONES))
    year = draw(st.integers(2005, 2037))
    zone = ZoneInfo(name)
    noon = [datetime(year, 1, 1, 12, tzinfo=zone) + n * DAY for n in range(0, 365, 5)]
    changes = [n for n, m in pairwise(noon) if n.utcoffset() != m.utcoffset()]
    assume(changes)
    day = draw(st.sampled_from(changes)).date() + draw(st.integers(0, 5)) * DAY
    return name, day


@settings(max_examples=60, deadline=None)
@given(days_of_change(), st.sampled_from([15, 30, 60]), st.integers(0, 8))
def test_each_local_time_gives_its_first_instant_or_none(change, step, hour):
    name, day = change
    zone = ZoneInfo(name)

    for minute in range(hour * 60, hour * 60 + 60, step):
        assert instant_of(day, minute, zone) == first_showing(day, minute, zone)


@settings(max_examples=80, deadline=None)
@given(
    days_of_change(),
    st.integers(0, 20 * 60),
    st.integers(10, 16 * 60),
    st.sampled_from([10, 15, 20, 30, 45, 50, 60, 90, 120]),
)
def test_across_every_change_slots_keep_the_hours_and_never_overlap(change, begin, length, step):
    name, day = change
    zone = ZoneInfo(name)
    hours = Hours(name, day.isoweekday(), begin, min(begin + length, 1440), step)
    noon = datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)
    window = Span(noon - DAY, noon + 2 * DAY)

    slots = offered(window, weekly=[hours], extra=[], closed=[])

    grid = set(range(hours.starts_minute, hours.ends_minute, step))
    midnight = datetime.combine(day, datetime.min.time())
    for slot in slots:
        wall = slot.starts_at.astimezone(zone).replace(tzinfo=None)
        assert (wall - midnight) / timedelta(minutes=1) in grid
        assert slot.ends_at - slot.starts_at == timedelta(minutes=step)
        assert slot.ends_at.astimezone(zone).replace(tzinfo=None) <= midnight + timedelta(
            minutes=hours.ends_minute
        )
    assert all(a.ends_at <= b.starts_at for a, b in pairwise(slots))
