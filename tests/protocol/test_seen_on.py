"""X-06: what is dated after today does not count; what is dated today does."""

import pytest

from backend.protocol.assess import seen_on
from backend.protocol.facts import case_from_facts
from tests.protocol.situations import NOW, TODAY, ago, given, lab, pregnancy_test

LISTS = {
    "patient.weights": lambda days: {"kg": 60, "on": ago(days)},
    "pregnancy_tests": pregnancy_test,
    "labs": lambda days: lab("alt", 20, days),
    "phq": lambda days: {"on": ago(days), "phq9": 3},
}


def case(facts):
    return case_from_facts(given({}, facts), NOW)


@pytest.mark.parametrize("path", LISTS)
def test_x_06_today_counts_and_tomorrow_does_not(path):
    row = LISTS[path]

    seen = seen_on(case({path: [row(1), row(0), row(-1)]}), TODAY)

    assert seen == case({path: [row(1), row(0)]})


@pytest.mark.parametrize("path", LISTS)
def test_x_06_what_is_unknown_stays_unknown_and_an_empty_list_empty(path):
    others = {other: [row(0)] for other, row in LISTS.items() if other != path}
    late = {other: [*rows, LISTS[other](-1)] for other, rows in others.items()}

    assert seen_on(case(late), TODAY) == case(others)
    assert seen_on(case(late | {path: []}), TODAY) == case(others | {path: []})


def test_x_06_nothing_is_copied_if_nothing_is_late():
    usual = case({path: [row(0), row(5)] for path, row in LISTS.items()})

    assert seen_on(usual, TODAY) is usual
