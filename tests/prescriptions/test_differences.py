"""What two answers say differently, and which rules decide otherwise. No database."""

import copy

import pytest

from backend.prescriptions.replaying import Difference, differences, differing_rules
from tests.protocol.situations import MAN, UK, UK_2023, WOMAN, asked, given, running

GUARDED = {"patient.growth_finished": True, "patient.guardian_consent": True}
MINOR = given(MAN, {**GUARDED, "patient.birth_on": "2009-02-01"})
POORLY = given(running(WOMAN), {"patient.allergies": ["soya"]}, ["patient.medicines", "labs"])


def stored(answer):
    """The decision and the findings, as a row has them."""
    said = copy.deepcopy(answer.as_json())
    return said["decision"], said["findings"]


@pytest.fixture
def answer():
    found = asked(POORLY, "prescribe")
    assert len(found.findings) > 3
    return found


def test_the_same_answer_differs_in_nothing(answer):
    assert differences(*stored(answer), answer) == ()
    assert differing_rules(stored(answer)[1], answer) == ()


def test_another_decision_is_a_difference_of_its_own(answer):
    _, findings = stored(answer)

    assert differences("clear", findings, answer) == (
        Difference("decision", "clear", answer.decision.value),
    )


def test_a_finding_that_is_gone_or_new_is_named_with_its_level(answer):
    decision, findings = stored(answer)
    taken = findings.pop(0)
    findings.append({**taken, "rule": "Z-99", "level": "warn"})

    assert set(differences(decision, findings, answer)) == {
        Difference(taken["rule"], None, taken["level"]),
        Difference("Z-99", "warn", None),
    }


def test_another_level_is_a_change_without_fields(answer):
    decision, findings = stored(answer)
    findings[0]["level"] = "counsel"
    level = answer.findings[0].level.value

    (found,) = differences(decision, findings, answer)

    assert (found.about, found.then, found.now) == (findings[0]["rule"], "counsel", level)
    assert found.fields == ()


def test_what_else_a_finding_says_is_named_by_field(answer):
    decision, findings = stored(answer)
    findings[0] |= {"source": "", "evidence": {"kg": "1"}, "extra": 1}

    (found,) = differences(decision, findings, answer)

    assert found.fields == ("evidence", "extra", "source")


def test_another_order_is_seen(answer):
    decision, findings = stored(answer)

    assert differences(decision, findings[::-1], answer) == (Difference("order", None, None),)


def test_a_finding_that_stands_twice_is_seen(answer):
    decision, findings = stored(answer)

    (found,) = differences(decision, [findings[0], *findings], answer)

    assert (found.about, found.now) == (findings[0]["rule"], None)


def test_findings_that_lost_their_shape_are_differences_not_accidents(answer):
    decision, findings = stored(answer)

    found = differences(decision, [{"level": "dreadful"}, *findings], answer)

    assert found == (Difference("None", "dreadful", None),)


def test_the_rules_that_decide_otherwise_are_those_from_senior_upwards():
    older, newer = asked(MINOR, "prescribe", pack=UK_2023), asked(MINOR, "prescribe", pack=UK)
    assert (older.decision.value, newer.decision.value) == ("senior", "clear")

    assert differing_rules(stored(newer)[1], older) == ("C-05",)
    assert differing_rules(stored(older)[1], newer) == ("C-05",)


def test_a_rule_that_only_warns_decides_nothing(answer):
    _, findings = stored(answer)
    mild = {**findings[0], "rule": "Z-99"}

    for level in ("counsel", "warn"):
        assert differing_rules([*findings, {**mild, "level": level}], answer) == ()
    assert differing_rules([*findings, {**mild, "level": "senior"}], answer) == ("Z-99",)


def test_a_rule_counts_by_its_most_severe_finding(answer):
    _, findings = stored(answer)
    worst = max(answer.findings, key=lambda finding: finding.level.rank)
    milder = {**findings[0], "rule": worst.rule, "level": "senior"}

    assert differing_rules([milder, *findings, milder], answer) == ()
