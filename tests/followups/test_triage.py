"""Who answers how fast, and what the patient is told: no database."""

from datetime import timedelta

import pytest

from backend.followups.advice import advice_for, counsel_for
from backend.followups.triage import respond


def finding(rule, level):
    return {"rule": rule, "level": level}


def advise(*rules, decision="urgent", programme="jp"):
    return advice_for(rules, decision, programme=programme, clinic_telephone="03-0000-0000")


@pytest.mark.parametrize("rule", ["R-01", "R-02", "R-03", "R-04", "R-05", "R-06", "R-11"])
def test_k_01_an_urgent_red_flag_halts_and_is_answered_within_minutes(rule):
    response = respond("urgent", [finding("K-01", "urgent"), finding(rule, "urgent")])

    assert (response.halts, response.urgent, response.task) == (True, True, "red_flag")
    assert (response.reason, response.within) == (rule, timedelta(minutes=15))


def test_r_12_pregnancy_has_a_task_of_its_own():
    response = respond("stop", [finding("R-12", "stop"), finding("P-JP-08", "stop")])

    assert (response.halts, response.task) == (True, "pregnancy_reported")
    assert response.within == timedelta(minutes=15)


def test_k_01_a_red_flag_of_level_hold_is_answered_within_minutes_without_a_halt():
    response = respond("hold", [finding("K-01", "hold"), finding("R-10", "hold")])

    assert (response.halts, response.urgent) == (False, True)
    assert response.within == timedelta(minutes=15)


def test_k_02_an_item_graded_four_is_urgent():
    response = respond("urgent", [finding("K-02", "urgent")])

    assert (response.halts, response.task) == (True, "red_flag")


def test_k_10_contraception_not_kept_stops_the_same_day():
    response = respond("stop", [finding("K-10", "stop")])

    assert (response.halts, response.within) == (True, timedelta(hours=4))


@pytest.mark.parametrize("decision", ["hold", "block", "senior"])
def test_k_05_what_is_not_clear_waits_two_days_for_a_physician(decision):
    response = respond(decision, [finding("K-05", decision)])

    assert (response.halts, response.urgent) == (False, False)
    assert (response.task, response.within) == ("check_in_review", timedelta(days=2))


def test_k_07_a_clear_answer_needs_nobody():
    assert respond("clear", [finding("S-07", "counsel")]) is None


def test_emergencies_come_first_and_name_the_number():
    first, second = advise("R-02", "R-05", "K-01")

    assert first.code == "emergency_now"
    assert first.call[0].telephone == "119"
    assert second.code == "talk_to_someone_now"
    assert second.call[0].who == "crisis_line"


@pytest.mark.parametrize(
    ("programme", "number"), [("jp", "119"), ("us", "911"), ("uk", "999"), ("eu", "112")]
)
def test_the_emergency_number_is_that_of_the_programme(programme, number):
    (advice,) = advise("R-04", programme=programme)

    assert advice.call[0].telephone == number


@pytest.mark.parametrize("number", range(1, 13))
def test_every_red_flag_has_advice_of_its_own_with_somebody_to_call(number):
    (advice,) = advise(f"R-{number:02}")

    assert "our_call_today" not in advice.code
    assert "clinic" in {call.who for call in advice.call}


@pytest.mark.parametrize("decision", ["clear", "senior", "hold", "block", "stop", "urgent"])
def test_every_decision_has_advice(decision):
    (advice,) = advise("X-99", decision=decision)

    assert advice.text.ja
    assert advice.text.en


def test_advice_repeats_no_finding():
    telling = ("R-", "K-", "PHQ", "BIH", "SJS", "妊娠", "pregnan", "自殺", "suicid")
    rules = [f"R-{number:02}" for number in range(1, 13)] + ["K-03", "K-10"]

    said = [text for rule in rules for a in advise(rule) for text in (a.text.ja, a.text.en)]

    assert [(word, text) for text in said for word in telling if word in text] == []


def counsel(*findings, decision="clear"):
    return counsel_for(findings, decision, clinic_telephone="03-0000-0000")


def test_c_23_who_wants_to_give_blood_is_told_not_to_and_from_which_day_once_it_is_known():
    running = {"rule": "C-23", "evidence": {"course.status": "running"}}
    ended = {"rule": "C-23", "evidence": {"release_on": "2026-12-05"}}

    (without_day,), (with_day,) = counsel(running), counsel(ended)

    assert without_day.code == with_day.code == "no_blood_donation"
    assert "one month after the last dose" in without_day.text.en
    assert with_day.text.en == "You may give blood from 2026-12-05. Please do not before that day."
    assert "2026-12-05" in with_day.text.ja


def test_c_24_c_25_a_procedure_that_must_wait_is_said_once():
    (said,) = counsel({"rule": "C-25", "evidence": {}}, {"rule": "C-24", "evidence": {}})

    assert said.code == "postpone_the_procedure"
    assert [call.who for call in said.call] == ["clinic"]


@pytest.mark.parametrize(
    ("decision", "told"), [("clear", 1), ("hold", 1), ("block", 1), ("stop", 0), ("urgent", 0)]
)
def test_when_the_drug_is_stopped_nothing_is_said_beside_it(decision, told):
    assert len(counsel({"rule": "C-23", "evidence": {}}, decision=decision)) == told


def test_other_findings_are_no_counsel():
    assert counsel(finding("S-07", "counsel"), finding("T-08", "counsel")) == []
