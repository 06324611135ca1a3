"""Requirements: the rule book parted into things that people know, and whose turn it is."""

import re

import pytest

from backend.kernel.text import Text
from backend.pharmacy.wording import MENTAL_HEALTH
from backend.prescriptions.live_requirements import APPROVAL_STANDS, FORM
from backend.prescriptions.requirements import Stakeholder, fulfilments, read, requirements
from backend.protocol.assess import RULES, asked
from backend.protocol.catalogue import catalogue
from backend.protocol.findings import Finding, Level, Who
from backend.protocol.pack import load
from tests.protocol.situations import PACKS

ENTRIES = {entry.id: entry for entry in catalogue()}
STANDS = Level.SENIOR.rank
ANSWERED = [(pack, purpose) for pack in PACKS for purpose in ("prescribe", "dispense")]


def finding(rule, level=Level.HOLD, by=Who.PHYSICIAN, missing=()):
    text = Text("直す", f"Mend {rule}")
    return Finding(rule, level, text, (), missing, text, by, None, "test")


def asked_of(pack, purpose):
    return [rule.id for rule in asked(RULES, load(pack), purpose)]


def one_of(found, code):
    (one,) = [each for each in found if each.requirement.code == code]
    return one


def test_every_rule_of_the_rule_book_stands_in_exactly_one_requirement():
    listed = [rule for one in requirements() for rule in one.rules]

    assert sorted(listed) == sorted(ENTRIES)


def test_a_table_that_forgets_repeats_or_invents_a_rule_does_not_load():
    known = ["A-1", "B-1"]
    whole = {"one": {"name": ["一", "One"], "rules": ["A-1"]}}

    with pytest.raises(ValueError, match="B-1"):
        read(whole, known)
    with pytest.raises(ValueError, match="A-1"):
        read({**whole, "two": {"name": ["二", "Two"], "rules": ["B-1", "A-1"]}}, known)
    with pytest.raises(ValueError, match="C-1"):
        read({**whole, "two": {"name": ["二", "Two"], "rules": ["B-1", "C-1"]}}, known)


def test_every_requirement_has_a_code_and_a_name_in_two_languages():
    declared = [*requirements(), APPROVAL_STANDS]

    assert len({one.code for one in declared}) == len(declared)
    for one in declared:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", one.code)
        assert not one.name.ja.isascii(), one.code
        assert one.name.en.isascii(), one.code


@pytest.mark.parametrize(("pack", "purpose"), ANSWERED)
def test_nothing_is_shown_as_completed_that_could_never_be_open(pack, purpose):
    for one in fulfilments(asked_of(pack, purpose), []):
        entries = [ENTRIES[rule] for rule in one.rules]

        worst = [level.rank for e in entries for answer in e.answers for level in answer.levels]
        assert max(worst) >= STANDS or any(e.needs for e in entries), one.requirement.code


def test_a_second_signature_is_what_rules_ask_for_that_ask_for_nothing_else():
    only_senior = {
        entry.id
        for entry in catalogue()
        if {level for answer in entry.answers for level in answer.levels} == {Level.SENIOR}
    }

    (second,) = [one for one in requirements() if one.code == "second_signature"]
    assert set(second.rules) == only_senior


@pytest.mark.parametrize("pack", PACKS)
def test_what_a_pharmacy_is_shown_rests_on_no_answer_about_the_mind(pack):
    shown = fulfilments([*FORM, *asked_of(pack, "dispense")], [])

    assert shown
    assert not MENTAL_HEALTH & {rule for one in shown for rule in one.rules}


def test_only_requirements_of_which_a_rule_was_asked_are_listed_in_the_order_of_the_table():
    found = fulfilments(["W-04", "J-11", "J-04"], [])

    assert [one.requirement.code for one in found] == ["visit", "identity", "hand_over"]
    assert all(one.completed for one in found)
    assert found[0].rules == ("J-04",)


def test_a_requirement_is_open_while_one_of_its_rules_stands_and_no_other_is():
    found = fulfilments(["L-01", "L-16", "J-11"], [finding("L-16"), finding("L-16", Level.STOP)])

    laboratory = one_of(found, "laboratory")
    assert (laboratory.completed, one_of(found, "identity").completed) == (False, True)
    assert laboratory.rules == ("L-01", "L-16")
    assert [each.level for each in laboratory.standing] == [Level.HOLD, Level.STOP]
    assert laboratory.worst.level is Level.STOP


def test_a_finding_of_a_rule_that_was_not_asked_is_not_lost():
    found = fulfilments([], [finding("X-07", by=Who.CLINIC_STAFF)])

    assert [(one.requirement.code, one.completed) for one in found] == [("record", False)]


def test_facts_that_several_rules_miss_are_named_once():
    missing = ("patient.weights", "prescription.daily_mg")
    standing = [finding("D-19", missing=missing[:1]), finding("D-08", missing=missing)]

    assert one_of(fulfilments([], standing), "dose").missing == missing


@pytest.mark.parametrize(
    ("who", "turn"),
    [
        (Who.PATIENT, Stakeholder.PATIENT),
        (Who.PHYSICIAN, Stakeholder.PRESCRIBER),
        (Who.SENIOR_PHYSICIAN, Stakeholder.PRESCRIBER),
        (Who.NOBODY, Stakeholder.PRESCRIBER),
        (Who.PHARMACIST, Stakeholder.PHARMACY),
        (Who.CLINIC_STAFF, Stakeholder.CLINIC),
    ],
)
def test_it_is_the_turn_of_who_can_do_what_would_change_the_worst_finding(who, turn):
    milder = finding("D-02", Level.SENIOR, Who.CLINIC_STAFF)

    found = fulfilments([], [milder, finding("D-03", Level.BLOCK, who)])

    assert one_of(found, "dose").stakeholder is turn


@pytest.mark.parametrize(
    ("rule", "turn"),
    [
        ("S-12", Stakeholder.PATIENT),
        ("J-11", Stakeholder.CLINIC),
        ("W-04", Stakeholder.PHARMACY),
        ("L-01", Stakeholder.PRESCRIBER),
        ("C-06", Stakeholder.PRESCRIBER),
    ],
)
def test_a_completed_requirement_names_who_would_have_to_act(rule, turn):
    (one,) = fulfilments([rule], [])

    assert (one.completed, one.stakeholder) == (True, turn)
