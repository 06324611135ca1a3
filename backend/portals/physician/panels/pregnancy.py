"""The pregnancy-test window as a ribbon of days: tests, how long the newest one holds, today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from backend.protocol.case import Case, PregnancyTest
from backend.protocol.category import asked_as_can
from backend.protocol.days import days_between, last_day
from backend.protocol.pack import Pack
from backend.protocol.pregnancy_tests import newest_negative

BACK, AHEAD = 28, 14  # days shown on each side of today
RESULTS = {
    "negative": _("negative"),
    "positive": _("positive"),
    "indeterminate": _("indeterminate"),
    "pending": _("pending"),
}
SETTINGS = {
    "laboratory": _("laboratory"),
    "clinic": _("clinic"),
    "remote_supervised": _("supervised by video"),
    "home": _("at home"),
}
WINDOW = "test_window"


@dataclass(frozen=True, slots=True)
class Mark:
    """A test on the ribbon; `x` in days from its left edge."""

    x: int
    on: date
    result: str
    result_word: str
    setting_word: str


@dataclass(frozen=True, slots=True)
class Ribbon:
    """`is_asked`: whether tests are asked of this patient at all. `days_left`: with today."""

    is_asked: bool
    today_x: int
    width: int
    marks: list[Mark]
    valid_from_x: int | None
    valid_width: int
    valid_until: date | None
    days_left: int | None
    window_days: int | None


def ribbon(case: Case, pack: Pack, today: date) -> Ribbon:
    """The ribbon for a case, by the window of its pack (P-JP-02, P-US-09, P-PP-06)."""
    window = pack.whole(WINDOW) if WINDOW in pack.numbers else None
    first = today - timedelta(days=BACK)
    marks = [_mark(test, first) for test in _shown(case.pregnancy_tests or (), first, today)]
    newest = newest_negative(case.pregnancy_tests)
    empty = Ribbon(asked_as_can(case), BACK, BACK + AHEAD + 1, marks, None, 0, None, None, window)
    if newest is None or window is None:
        return empty
    until = last_day(newest.taken_on, window)
    start = max(newest.taken_on, first)
    return Ribbon(
        is_asked=empty.is_asked,
        today_x=BACK,
        width=empty.width,
        marks=marks,
        valid_from_x=days_between(first, start),
        valid_width=max(days_between(start, until) + 1, 0),
        valid_until=until,
        days_left=days_between(today, until) + 1,
        window_days=window,
    )


def _shown(tests: Iterable[PregnancyTest], first: date, today: date) -> Iterable[PregnancyTest]:
    near = [test for test in tests if first <= test.taken_on <= today + timedelta(days=AHEAD)]
    return sorted(near, key=lambda test: test.taken_on)


def _mark(test: PregnancyTest, first: date) -> Mark:
    return Mark(
        days_between(first, test.taken_on),
        test.taken_on,
        test.result,
        str(RESULTS[test.result]),
        str(SETTINGS[test.setting]),
    )
