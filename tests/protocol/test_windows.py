"""Section 0.4 over every zone and clock change: civil days decide, hours never."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from backend.protocol.days import age, civil_day, is_zone
from tests.protocol.situations import (
    EU,
    JP,
    MAN,
    PACKS,
    SECOND_COURSE,
    TODAY,
    UK,
    US,
    US_2026,
    WOMAN,
    asked,
    given,
    levels,
    pregnancy_test,
    running,
)

ZONES = sorted(zone for zone in available_timezones() if is_zone(zone))
EASTERN_RULES = {"P-US-09", "P-US-11", "P-US-14"}
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)


@cache
def clock_changes(zone):
    """The instants at which the zone's offset from UTC changes, to the minute."""
    changes, step = [], timedelta(days=7)
    before, at = FIRST, FIRST + step
    while at < LAST:
        if offset(zone, before) != offset(zone, at):
            changes.append(turning_point(zone, before, at))
        before, at = at, at + step
    return changes


def offset(zone, instant):
    return instant.astimezone(ZoneInfo(zone)).utcoffset()


def turning_point(zone, before, after):
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        middle = middle.replace(second=0, microsecond=0)
        before, after = (
            (middle, after) if offset(zone, middle) == offset(zone, before) else (before, middle)
        )
    return after


CHANGING = ("America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Casablanca")
zones = st.sampled_from(ZONES) | st.sampled_from(CHANGING)


@st.composite
def moments(draw):
    """A zone and an instant: any, or within two days of one of its clock changes."""
    zone = draw(zones)
    minutes = int((LAST - FIRST) / timedelta(minutes=1))
    anywhere = st.integers(0, minutes - 1).map(lambda late: FIRST + timedelta(minutes=late))
    near = st.timedeltas(timedelta(days=-2), timedelta(days=2))
    if changes := clock_changes(zone):
        anywhere |= st.builds(lambda at, by: at + by, st.sampled_from(changes), near)
    return zone, draw(anywhere)


def at_noon(day):
    """The same civil day, for somebody who lives in UTC: no clock ever changes there."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def aged(who, day, days):
    """The same person with everything dated so many days before the day, lists by their own."""
    on = (day - timedelta(days=days)).isoformat()
    person = given(
        who,
        {
            "visit.on": on,
            "prescription.issued_on": on,
            "pregnancy_tests": [{"taken_on": on, "result": "negative", "setting": "clinic"}],
            "patient.weights": [{"kg": 60, "on": on}],
            "phq": [{"on": on, "phq2": 0, "phq9": 2, "item9": 0}],
            "programme.counselled_on": on,
            "programme.comprehension_on": on,
            "programme.do_not_dispense_after": on,
            "patient.medicines": [{"code": "minocycline", "stopped_on": on}],
        },
    )
    for lab in person["labs"]:
        lab["taken_on"] = on
    if who is RUNNING:
        person["course"]["started_on"] = on
    return person


RUNNING = running(WOMAN)
EDGES = st.sampled_from((0, 1, 3, 4, 6, 7, 28, 29, 30, 31, 55, 56, 57, 84))


@settings(max_examples=300, deadline=None)
@for_all(
    moments(),
    EDGES,
    st.sampled_from((MAN, WOMAN, RUNNING)),
    st.sampled_from(("prescribe", "dispense", "checkin")),
    st.sampled_from(PACKS),
)
def test_the_answer_is_that_of_the_civil_day_wherever_and_whenever(
    moment, days, who, purpose, pack
):
    zone, now = moment
    today = (now + offset(zone, now)).date()
    person = aged(who, today, days)

    here = asked(person, purpose, {"patient.zone": zone}, pack=pack, now=now)
    there = asked(person, purpose, {"patient.zone": "UTC"}, pack=pack, now=at_noon(today))

    assert here.today == there.today == today
    assert [f for f in here.findings if f.rule not in EASTERN_RULES] == [
        f for f in there.findings if f.rule not in EASTERN_RULES
    ]


@settings(max_examples=300, deadline=None)
@for_all(moments(), EDGES, st.sampled_from((MAN, RUNNING)), st.sampled_from((US, US_2026)))
def test_the_three_eastern_rules_ask_the_eastern_day_wherever_the_patient_is(
    moment, days, who, pack
):
    _, now = moment
    eastern = (now + offset("America/New_York", now)).date()
    person = aged(who, eastern, days)

    # Not further west: the test of the Eastern day is of tomorrow there and does not count.
    answers = [
        [
            finding
            for finding in asked(
                person, "dispense", {"patient.zone": where}, pack=pack, now=now
            ).findings
            if finding.rule in EASTERN_RULES
        ]
        for where in ("America/New_York", "Asia/Tokyo", "Pacific/Kiritimati")
    ]

    assert answers[0] == answers[1] == answers[2]
    levels_there = {finding.rule: finding.level.value for finding in answers[0]}
    assert ("P-US-09" in levels_there) == (who is RUNNING and days > 6)
    assert ("P-US-11" in levels_there) == (who is MAN and days > 29 and pack == US)
    assert ("P-US-14" in levels_there) == (days > 0)


def last_moment(day, zone):
    """23:59:59 of the civil day in the zone; the second one, where clocks go back at midnight."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, fold=1, tzinfo=ZoneInfo(zone))


TESTED, ISSUED, VISITED = "pregnancy_tests", "prescription.issued_on", "visit.on"
WINDOWS = [  # rule, who, purpose, pack, zone, what opens the window, how many days it has
    ("P-JP-02", RUNNING, "prescribe", JP, "Asia/Tokyo", TESTED, 7),
    ("J-17", MAN, "dispense", JP, "Asia/Tokyo", ISSUED, 4),
    ("W-02", MAN, "dispense", JP, "Asia/Tokyo", VISITED, 30),
    ("W-02", MAN, "dispense", UK, "Europe/London", VISITED, 30),
    ("P-PP-06", RUNNING, "dispense", UK, "Europe/London", ISSUED, 7),
    ("P-PP-06", RUNNING, "dispense", EU, "Europe/Lisbon", ISSUED, 7),
    ("P-US-09", RUNNING, "prescribe", US, "America/New_York", TESTED, 7),
    ("P-US-09", RUNNING, "dispense", US_2026, "America/New_York", TESTED, 7),
    ("P-US-11", MAN, "dispense", US, "America/New_York", VISITED, 30),
]
SPRING_AND_AUTUMN = [date(2026, 3, 5), date(2026, 3, 27), date(2026, 10, 22), date(2026, 10, 29)]


@pytest.mark.parametrize("first", SPRING_AND_AUTUMN, ids=str)
@pytest.mark.parametrize("window", WINDOWS, ids=lambda w: f"{w[0]}-{w[3]}-{w[2]}")
def test_a_window_closes_with_the_last_second_of_its_last_day(window, first):
    rule, who, purpose, pack, zone, opened_by, length = window
    on = first.isoformat()
    opened = [pregnancy_test(0) | {"taken_on": on}] if opened_by == TESTED else on
    facts = {opened_by: opened, "patient.zone": zone, "prescription.route": "pharmacy"}
    last = last_moment(first + timedelta(days=length - 1), zone)

    assert levels(rule, who, purpose, facts, pack=pack, now=last) == []
    assert levels(rule, who, purpose, facts, pack=pack, now=a_second_after(last)) != []


def a_second_after(moment):
    """By the clock of the world, whatever the clock on the wall does."""
    return moment.astimezone(UTC) + timedelta(seconds=1)


def test_in_every_zone_a_window_over_each_clock_change_has_seven_days():
    for zone in ZONES:
        of_2026 = [at for at in clock_changes(zone) if at.year == 2026] or [at_noon(TODAY)]
        for change in of_2026:
            for opened_before in (0, 3, 6):
                first = civil_day(change, zone) - timedelta(days=opened_before)
                tested = [pregnancy_test(0) | {"taken_on": first.isoformat()}]
                facts = {"pregnancy_tests": tested, "patient.zone": zone}
                last = last_moment(first + timedelta(days=6), zone)

                during = levels("P-JP-02", WOMAN, "dispense", facts, now=last)
                later = levels("P-JP-02", WOMAN, "dispense", facts, now=a_second_after(last))

                assert (during, later) == ([], ["hold"]), (zone, change)


@settings(max_examples=300, deadline=None)
@for_all(moments())
def test_a_civil_day_is_the_date_on_the_wall(moment):
    zone, now = moment

    assert civil_day(now, zone) == (now + offset(zone, now)).date()


def birthdays(birth_on, until):
    """How many birthdays there were; one on 29 February is on 1 March in other years."""
    years = range(birth_on.year + 1, until.year + 1)
    leap_day = (birth_on.month, birth_on.day) == (2, 29)
    days = []
    for year in years:
        try:
            days.append(date(year, birth_on.month, birth_on.day))
        except ValueError:
            assert leap_day
            days.append(date(year, 3, 1))
    return sum(day <= until for day in days)


leap_days = st.sampled_from([date(year, 2, 29) for year in range(1904, 2025, 4)])


@for_all(
    st.dates(date(1900, 1, 1), date(2024, 12, 31)) | leap_days,
    st.dates(date(2025, 1, 1), date(2040, 12, 31))
    | st.builds(date, st.integers(2025, 2040), st.just(3), st.just(1))
    | st.builds(date, st.integers(2025, 2040), st.just(2), st.just(28)),
)
def test_age_counts_birthdays(birth_on, today):
    assert age(birth_on, today) == birthdays(birth_on, today)


@settings(max_examples=200, deadline=None)
@for_all(moments(), st.booleans(), st.sampled_from((JP, US, UK, EU)))
def test_c_04_the_twelfth_birthday_is_the_day_where_the_patient_lives(moment, day_before, pack):
    zone, now = moment
    today = (now + offset(zone, now)).date()
    birthday = today + timedelta(days=int(day_before))
    born = {"patient.birth_on": birthday.replace(year=birthday.year - 12).isoformat()}

    says = levels("C-04", MAN, "intake", {"patient.zone": zone} | born, pack=pack, now=now)

    assert says == (["block"] if day_before else [])


@settings(max_examples=100, deadline=None)
@for_all(moments(), st.sampled_from((55, 56)))
def test_t_20_time_off_is_counted_in_civil_days(moment, days):
    zone, now = moment
    ended_on = (now + offset(zone, now)).date() - timedelta(days=days)
    facts = {"patient.zone": zone, "course.previous.ended_on": ended_on.isoformat()}

    says = levels("T-20", SECOND_COURSE, "second_course", facts, pack=JP, now=now)

    assert says == (["block"] if days == 55 else [])


def test_every_kind_of_clock_change_is_among_those_tried():
    moved = {zone: len(clock_changes(zone)) for zone in CHANGING}

    assert min(moved.values()) >= 10
    assert len(ZONES) > 400
