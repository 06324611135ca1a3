"""Until when it may be handed over: the rules are asked, nothing is counted twice."""

from datetime import UTC, date, datetime

import pytest

from backend.prescriptions.window import last_day_to_dispense
from backend.protocol.facts import case_from_facts
from backend.protocol.pack import load

NOON_IN_TOKYO = datetime(2026, 3, 10, 3, tzinfo=UTC)


def last_day(pack, *, can=True, now=NOON_IN_TOKYO, zone="Asia/Tokyo", tested="2026-03-09", **rx):
    facts = {
        "patient": {"zone": zone, "birth_on": "2001-06-15", "can_become_pregnant": can}
        | ({} if can else {"cannot_reason": "male"}),
        "pregnancy_tests": [{"taken_on": tested, "result": "negative", "setting": "clinic"}],
        "visit": {"on": "2026-03-10", "kind": "follow_up", "mode": "video"},
        "course": {"status": "running", "started_on": "2026-01-06"},
        "prescription": {"issued_on": "2026-03-10", "route": "in_house", **rx},
    }
    return last_day_to_dispense(case_from_facts(facts, now), load(pack))


def test_p_jp_02_can_until_day_seven_of_the_test():
    assert last_day("jp_house_2026") == date(2026, 3, 15)
    assert last_day("jp_house_2026", tested="2026-03-10") == date(2026, 3, 16)


def test_w_02_cannot_until_day_thirty_of_the_visit():
    assert last_day("jp_house_2026", can=False) == date(2026, 4, 8)


def test_j_17_a_pharmacy_has_four_days():
    assert last_day("jp_house_2026", can=False, route="pharmacy") == date(2026, 3, 13)


def test_p_us_09_can_until_day_seven_of_the_specimen():
    now = datetime(2026, 3, 10, 16, tzinfo=UTC)

    assert last_day("us_ipledge_2023", zone="America/New_York", now=now) == date(2026, 3, 15)


def test_p_pp_06_can_until_day_seven_of_the_issue_across_the_change_of_clocks():
    now = datetime(2026, 3, 24, 12, tzinfo=UTC)

    found = last_day(
        "uk_mhra_2026",
        zone="Europe/London",
        now=now,
        tested="2026-03-24",
        issued_on="2026-03-24",
    )

    assert found == date(2026, 3, 30)


@pytest.mark.parametrize("tested", ["2026-03-03", "2026-02-01"])
def test_a_window_that_is_closed_already_leaves_the_day_of_issue(tested):
    assert last_day("jp_house_2026", tested=tested) == date(2026, 3, 10)
