"""Single facts: which numbers, counts, scores, codes and days can be meant, and which cannot."""

from decimal import Decimal

import pytest

from backend.kernel.text import Text
from backend.protocol.facts import BadFacts, case_from_facts, facts_of
from tests.protocol.refusals import refused
from tests.protocol.situations import NOW, given

DAY = "2026-06-01"


@pytest.mark.parametrize(
    ("path", "lowest", "highest"),
    [
        ("course.iga", 0, 4),
        ("prescription.doses_per_day", 1, 2),
        ("checkin.items.lips", 0, 4),
        ("phq.phq2", 0, 6),
        ("phq.phq9", 0, 27),
        ("phq.item9", 0, 3),
    ],
)
def test_a_score_has_a_lowest_and_a_highest(path, lowest, highest):
    def facts(score):
        section, _, name = path.partition(".")
        return {"phq": [{"on": DAY, name: score}]} if section == "phq" else given({}, {path: score})

    for score in (lowest, highest):
        assert facts_of(case_from_facts(facts(score), NOW)) == facts(score)
    for score in (lowest - 1, highest + 1):
        assert list(refused(facts(score)).values()) == ["impossible_number"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (0, None),
        ("0", None),
        ("52.50", None),
        (10**12 - 1, None),
        (10**12, "impossible_number"),
        ("999999999999.99999999999999999999", None),
        (1e-20, None),
        (1e-21, "impossible_number"),
        ("0.000000000000000000001", "wrong_type"),
        ("1000000000000", "wrong_type"),
        ("-1", "wrong_type"),
        (" 1", "wrong_type"),
        (".5", "wrong_type"),
        ("5.", "wrong_type"),
        ([1], "wrong_type"),
    ],
)
def test_a_number_is_exact_from_0_and_below_any_that_nobody_means(written, code):
    facts = {"course": {"dispensed_mg": written}}

    if code:
        assert refused(facts) == {"/course/dispensed_mg": code}
    else:
        found = case_from_facts(facts, NOW).course.dispensed_mg
        assert found == Decimal(str(written))


def test_a_count_has_no_decimals_and_an_end_far_away():
    assert case_from_facts({"plan": {"price_yen": 10**12}}, NOW).plan.price_yen == 10**12
    for written in (10**12 + 1, -1):
        assert refused({"plan": {"price_yen": written}}) == {"/plan/price_yen": "impossible_number"}
    for written in ("1", 1.0, Decimal(1)):
        assert refused({"plan": {"price_yen": written}}) == {"/plan/price_yen": "wrong_type"}


def test_a_repeated_code_says_nothing_new_and_blanks_are_no_text():
    twice = {"patient": {"allergies": ["soya", "peanut", "soya"]}}

    assert case_from_facts(twice, NOW).patient.allergies == ("soya", "peanut")
    assert refused({"patient": {"zone": " "}}) == {"/patient/zone": "wrong_type"}
    assert refused({"patient": {"a/b~c": 1}}) == {"/patient/a~1b~0c": "unknown_key"}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("safe\u202egnp", "character"),
        ("two\nlines", "character"),
        ("nul\0", "character"),
        ("\ud800", "character"),
        ("\u200b\u2060", "wrong_type"),
        ("", "wrong_type"),
        (7, "wrong_type"),
    ],
)
def test_a_text_is_one_line_that_reads_the_same_to_everybody(written, code):
    assert refused({"prescription": {"lot_importer": written}}) == {
        "/prescription/lot_importer": code
    }


def test_any_script_and_an_accent_are_text():
    for written in ("ビタミンA錠", "Z\u0301oloft", "👩‍⚕️"):
        facts = {"prescription": {"lot_importer": written}}
        assert case_from_facts(facts, NOW).prescription.lot_importer == written


@pytest.mark.parametrize("written", ["2001-2-3", "2001-02-03 ", "20010203", 20010203])
def test_a_day_is_written_in_one_way(written):
    assert refused({"visit": {"on": written}}) == {"/visit/on": "wrong_type"}


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"course": {"iga": 5}}, Text("0〜4 の整数が必要です。", "Must be from 0 to 4.")),
        (
            {"course": {"indication": "warts"}},
            Text(
                "使えるコード: acne, cosmetic, rosacea",
                "Unknown code; known are: acne, cosmetic, rosacea",
            ),
        ),
        ({"phq": [{}]}, Text("必須の項目です。", "Required.")),
    ],
)
def test_a_refusal_says_in_both_languages_what_would_do(facts, says):
    with pytest.raises(BadFacts) as caught:
        case_from_facts(facts, NOW)

    assert [error.detail for error in caught.value.errors] == [says]
