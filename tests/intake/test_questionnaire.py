"""The questionnaires themselves: complete, in both languages, never changed. No database."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from backend.intake.answers import check_complete, check_form
from backend.intake.documents import FOLDER as CONSENTS
from backend.intake.guidance import guidance_for
from backend.intake.meaning import meaning_of
from backend.intake.questionnaire import newest, questionnaires
from backend.kernel.errors import NotFound
from backend.protocol import vocabulary as v
from backend.protocol.facts import SECTIONS
from backend.protocol.findings import Decision
from tests.factories.intake import ANSWERS_F24, IS_MAN, answers

INTAKE = CONSENTS.parent
NEWEST = newest("acne_intake")
TODAY = date(2026, 3, 10)
BORN_2001 = date(2001, 6, 15)
ITEMS = {item.id: item for item in NEWEST.items}


def asked_of(given, birth_on=BORN_2001):
    return [item.id for item in NEWEST.asked(given, birth_on, TODAY)]


def test_what_was_published_never_changes_and_everything_is_published():
    published = {}
    for line in (INTAKE / "PUBLISHED.sha256").read_text().splitlines():
        digest, _, name = line.partition("  ")
        published[name] = digest

    found = [*INTAKE.glob("questionnaires/*.toml"), *INTAKE.glob("consents/*/*")]

    now = {
        str(Path(path).relative_to(INTAKE)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in found
    }
    assert now == published


@pytest.mark.parametrize("item", NEWEST.items, ids=lambda item: item.id)
def test_every_question_is_asked_in_both_languages(item):
    texts = [item.text, *(option.text for option in item.options)]

    assert all(text.ja.strip() and text.en.strip() for text in texts)
    assert all(text.ja != text.en for text in texts)


@pytest.mark.parametrize(
    ("item_id", "codes"),
    [
        ("conditions", v.CONDITIONS),
        ("family_history", v.FAMILY_HISTORY),
        ("allergies", v.ALLERGIES),
        ("procedures", v.PROCEDURES),
        ("activities", v.ACTIVITIES),
        ("contraception_methods", v.METHODS),
        ("indication", v.INDICATIONS),
        ("severity", v.SEVERITIES),
        ("prior_treatment_failed", v.FAILED_TREATMENTS),
    ],
)
def test_every_code_that_a_rule_reads_can_be_chosen(item_id, codes):
    assert set(ITEMS[item_id].codes) == codes


@pytest.mark.parametrize("item", NEWEST.items, ids=lambda item: item.id)
def test_an_answer_becomes_a_fact_that_the_protocol_knows(item):
    paths = [item.fact] if item.fact else []
    paths += [path for option in item.options for path in option.facts]

    for path in paths:
        section, key = path.split(".")
        assert key in SECTIONS[section]
    assert item.adds is None or item.adds in v.MEDICINES


def test_a_condition_names_a_question_before_it_and_its_answers():
    before = []
    for item in NEWEST.items:
        condition = item.enable_when
        if condition is not None and condition.item is not None:
            assert condition.item in before
            codes = ITEMS[condition.item].codes or (True, False)
            assert set(condition.among) <= set(codes)
        before.append(item.id)


def test_a_man_is_not_asked_about_pregnancy():
    asked = asked_of(answers(**IS_MAN))

    assert "pregnancy_potential" in asked
    assert not {"pregnant", "breastfeeding", "contraception_methods", "abstinence"} & set(asked)


def test_who_is_unsure_is_asked_like_somebody_who_can():
    assert {"pregnant", "contraception_methods"} <= set(
        asked_of(answers(pregnancy_potential="unsure"))
    )


@pytest.mark.parametrize(
    ("birth_on", "guardian", "growth"),
    [
        (date(2008, 3, 10), False, False),  # 18 today
        (date(2008, 3, 11), True, True),  # 17
        (date(2014, 3, 10), True, True),  # 12 today
        (date(2014, 3, 11), False, True),  # 11
    ],
)
def test_c_05_guardian_and_growth_are_asked_by_age(birth_on, guardian, growth):
    asked = asked_of(ANSWERS_F24, birth_on)

    assert ("guardian_consent" in asked, "growth_finished" in asked) == (guardian, growth)


def test_a_question_behind_one_that_is_not_asked_is_not_asked():
    stale = answers(guardian_consent=True)  # answered before the eighteenth birthday

    assert "guardian_name" not in asked_of(stale)


def test_what_is_missing_is_named_one_by_one():
    given = answers(severity=None, phq_9=None)

    errors = check_complete(NEWEST.asked(given, BORN_2001, TODAY), given)

    assert [(e.pointer, e.code) for e in errors] == [
        ("/answers/severity", "required"),
        ("/answers/phq_9", "required"),
    ]


@pytest.mark.parametrize(
    ("answer", "pointer"),
    [
        ({"scarring": "yes"}, "/answers/scarring"),
        ({"severity": "awful"}, "/answers/severity"),
        ({"conditions": ["ibd", "flu"]}, "/answers/conditions/1"),
        ({"medicines": [{"code": "warfarin"}]}, "/answers/medicines/0/text"),
        ({"medicines": [{"text": "x" * 201}]}, "/answers/medicines/0/text"),
        ({"procedures": [{"kind": "lasik", "on": "2026-02-30"}]}, "/answers/procedures/0/on"),
        ({"vitamin_a": {"stopped_on": "2026-02-01"}}, "/answers/vitamin_a/taken"),
        ({"phq_1": 0}, "/answers/phq_1"),
        ({"shoe_size": 24}, "/answers/shoe_size"),
    ],
)
def test_an_answer_that_is_none_is_refused_where_it_stands(answer, pointer):
    assert [error.pointer for error in check_form(NEWEST, answer)] == [pointer]


def test_taking_an_answer_back_is_no_bad_answer():
    assert check_form(NEWEST, {"severity": None}) == []


def meaning(**changes):
    given = answers(**changes)
    return meaning_of(NEWEST.asked(given, BORN_2001, TODAY), given)


def test_the_answers_become_statements_in_the_words_of_the_protocol():
    said = meaning().statements

    assert said["pregnancy_potential"] == {"can_become_pregnant": True}
    assert said["contraception"] == {
        "methods": ANSWERS_F24["contraception_methods"],
        "abstinence": False,
        "declined": False,
    }
    assert said["acne"]["severity"] == "severe"
    assert said["medicines"] == {"medicines": []}


def test_she_who_cannot_follow_the_programme_declines_it():
    assert meaning(follows_programme=False).statements["contraception"]["declined"] is True


def test_a_man_cannot_become_pregnant_by_reason_male():
    said = meaning(**IS_MAN).statements

    assert said["pregnancy_potential"] == {"can_become_pregnant": False, "cannot_reason": "male"}
    assert "contraception" not in said


def test_an_unsure_answer_states_no_category():
    assert "pregnancy_potential" not in meaning(pregnancy_potential="unsure").statements


def test_s_01_isotretinoin_from_elsewhere_joins_the_medicines():
    said = meaning(
        medicines=[{"text": "ワーファリン"}],
        isotretinoin_bought={"taken": True},
        vitamin_a={"taken": True, "stopped_on": "2026-03-01"},
    ).statements

    assert said["medicines"]["medicines"] == [
        {"text": "ワーファリン", "code": "warfarin"},
        {"code": "isotretinoin_other_source"},
        {"code": "vitamin_a", "stopped_on": "2026-03-01"},
    ]


def test_a_code_that_the_patient_chose_is_kept():
    chosen = [{"text": "にきびの飲み薬", "code": "minocycline"}]

    assert meaning(medicines=chosen).statements["medicines"]["medicines"][0]["code"] == (
        "minocycline"
    )


def test_phq_answers_are_scored_from_0_to_3():
    graded = {f"phq_{n}": "nearly_every_day" for n in range(1, 10)}

    assert meaning().scores == {"phq": [0] * 9}
    assert meaning(**{**graded, "phq_2": "several_days", "phq_3": "over_half"}).scores == {
        "phq": [3, 1, 2, 3, 3, 3, 3, 3, 3]
    }


@pytest.mark.parametrize("decision", Decision)
def test_whatever_the_rules_say_the_patient_reads_safe_words(decision):
    guidance = guidance_for(decision.value)

    for text in (guidance.text, guidance.next_step):
        assert text.ja
        assert text.en
        assert not any(word in text.en for word in ("rule", "block", "C-", "isotretinoin"))


def test_an_unknown_questionnaire_is_not_found():
    with pytest.raises(NotFound):
        newest("horoscope")
    assert "acne_intake_2026_1" in questionnaires()
