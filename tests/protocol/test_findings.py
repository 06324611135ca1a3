"""What every finding carries: what decided, what would change it, who can do it, from where."""

import pytest

from backend.protocol import vocabulary as v
from backend.protocol.texts import labels
from tests.protocol.situations import (
    EU,
    JP,
    MAN,
    SECOND_COURSE,
    UK,
    US,
    WOMAN,
    ago,
    asked,
    ended,
    given,
    pregnancy_test,
    running,
)

HYSTERECTOMY = given(MAN, {"patient.cannot_reason": "hysterectomy", "patient.breastfeeding": False})
NONE = {"pregnancy_tests": []}
POSITIVE = {"pregnancy_tests": [pregnancy_test(1, "positive", "home")]}
MISSED = {"programme.first_window": "missed", "programme.first_window_test_on": ago(40)}


@pytest.mark.parametrize(
    ("question", "rests_on"),
    [
        (
            ("C-01", JP, WOMAN, "intake", {"patient.pregnant": True, **NONE}),
            {"patient.pregnant": "true"},
        ),
        (
            ("C-02", JP, WOMAN, "prescribe", {"contraception.declined": True}),
            {"contraception.declined": "true"},
        ),
        (
            ("C-03", JP, WOMAN, "prescribe", {"patient.breastfeeding": True}),
            {"patient.breastfeeding": "true"},
        ),
        (
            ("C-03", JP, running(WOMAN), "checkin", {"patient.breastfeeding": True}),
            {"patient.breastfeeding": "true", "course.status": "running"},
        ),
        (
            ("C-03", JP, ended(WOMAN, 3), "checkin", {"patient.breastfeeding": True}),
            {"ended_on": ago(3), "release_on": "2026-07-12"},
        ),
        (
            ("C-10", JP, MAN, "prescribe", {"patient.medicines": [{"code": "vitamin_a"}]}),
            {"medicines": "vitamin_a"},
        ),
        (
            ("C-10", JP, MAN, "intake", {"patient.conditions": ["hypervitaminosis_a"]}),
            {"conditions": "hypervitaminosis_a"},
        ),
        (
            ("C-13", JP, MAN, "prescribe", {"patient.medicines": [{"code": "methotrexate"}]}),
            {"medicines": "methotrexate"},
        ),
        (
            ("C-17", JP, MAN, "prescribe", {"patient.conditions": ["alcohol_excess"]}),
            {"conditions": "alcohol_excess"},
        ),
        (
            ("C-23", JP, running(MAN), "checkin", {"checkin.wants_blood_donation": True}),
            {"checkin.wants_blood_donation": "true", "course.status": "running"},
        ),
        (
            ("D-04", US, MAN, "prescribe", {"prescription.doses_per_day": 1}),
            {"prescription.doses_per_day": "1"},
        ),
        (
            ("D-11", US, MAN, "prescribe", {"patient.conditions": ["ibd", "renal_severe"]}),
            {"conditions": "renal_severe"},
        ),
        (("D-19", JP, MAN, "prescribe", {"patient.weights": []}), {"patient.weights": "none"}),
        (
            ("J-11", JP, MAN, "prescribe", {"visit.identity_verified": False}),
            {"visit.identity_verified": "false"},
        ),
        (("J-20", JP, MAN, "prescribe", {}), {"prescription.lot_importer": "none"}),
        (("P-JP-02", JP, WOMAN, "prescribe", NONE), {"pregnancy_tests": "none"}),
        (("P-PP-05", UK, WOMAN, "prescribe", NONE), {"pregnancy_tests": "none"}),
        (
            ("P-PP-05", UK, WOMAN, "prescribe", POSITIVE),
            {"taken_on": ago(1), "result": "positive", "setting": "home"},
        ),
        (
            ("P-PP-07", EU, WOMAN, "dispense", {"programme.exemption_documented": True}),
            {"programme.exemption_documented": "true"},
        ),
        (
            ("P-PP-07", EU, HYSTERECTOMY, "dispense", {}),
            {"patient.cannot_reason": "hysterectomy", "programme.exemption_documented": "false"},
        ),
        (("P-PP-08", UK, MAN, "prescribe", {"visit.consents": []}), {"visit.consents": "none"}),
        (("P-PP-11", UK, MAN, "prescribe", {}), {"patient.cannot_reason": "male"}),
        (("P-US-08", US, running(WOMAN), "dispense", NONE), {"pregnancy_tests": "none"}),
        (("P-US-09", US, WOMAN, "dispense", NONE), {"pregnancy_tests": "none"}),
        (
            ("P-US-10", US, WOMAN, "prescribe", {**NONE, **MISSED}),
            {"pregnancy_tests": "none", "programme.first_window": "missed"},
        ),
        (
            ("P-US-13", US, WOMAN, "dispense", {"programme.forms_match": False}),
            {"programme.forms_match": "false"},
        ),
        (
            ("R-12", JP, running(MAN), "checkin", {"checkin.red_flags": ["pregnancy", "bih"]}),
            {"checkin.red_flags": "bih, pregnancy"},
        ),
        (
            (
                "S-03",
                JP,
                MAN,
                "prescribe",
                {"course.severity": "moderate", "course.prior_treatment_failed": []},
            ),
            {"failed": "none"},
        ),
        (
            ("S-16", JP, MAN, "intake", {"course.indication": "cosmetic"}),
            {"course.indication": "cosmetic"},
        ),
        (("T-23", JP, SECOND_COURSE, "second_course", {}), {"course.number": "2"}),
        (("T-23", JP, SECOND_COURSE, "second_course", {"course.number": None}), {}),
        (("T-25", JP, ended(MAN), "dispense", {}), {"course.status": "ended"}),
        (
            ("W-07", JP, MAN, "dispense", {"prescription.voided": True}),
            {"prescription.voided": "true"},
        ),
    ],
)
def test_a_finding_names_the_facts_that_decided(question, rests_on):
    rule, pack, who, purpose, changes = question

    (finding,) = asked(who, purpose, changes, pack=pack).of(rule)

    assert dict(finding.evidence) == rests_on


def words(rule, who, changes, pack=JP):
    """The message and the remedy of one rule's only finding at prescribe."""
    (finding,) = asked(who, "prescribe", changes, pack=pack).of(rule)
    return finding.message, finding.remedy


def test_a_message_calls_codes_by_their_names_and_the_evidence_keeps_them():
    (finding,) = asked(MAN, "prescribe", {"patient.allergies": ["peanut", "soya"]}).of("C-07")

    assert dict(finding.evidence)["allergies"] == "peanut, soya"
    assert finding.message.ja.startswith("ピーナッツ、大豆 アレルギー")
    assert finding.message.en.startswith("Allergy to peanut, soya ")


def test_a_message_says_none_in_both_languages():
    message, _ = words("C-18", MAN, {"patient.family_history": ["depression"]})

    assert "本人: なし、家族: うつ病" in message.ja
    assert "own: none; family: depression" in message.en


def test_a_message_leaves_what_is_no_code_as_it_is():
    changes = {"prescription.lot_importer": "dr_abe", "prescriber.code": "dr_mori"}
    message, _ = words("J-20", MAN, changes)

    assert message.ja == "dr_abe が輸入したロットを dr_mori は使えません。"


def test_what_another_physician_may_sign_says_so():
    allergic = {"patient.allergies": ["soya"]}

    _, blocked = words("C-07", MAN, allergic, JP)
    _, to_sign = words("C-07", MAN, allergic, US)

    assert blocked.ja == "大豆油を含まない製剤に変更し、新しい処方としてください。"
    assert (
        to_sign.ja == "大豆油を含まない製剤に変更するか、別の医師が理由を書いて署名してください。"
    )


def test_the_own_remedy_of_an_answer_comes_first():
    renal = {"patient.conditions": ["renal_severe"]}

    _, lower = words("D-11", MAN, renal, JP)
    _, signed = words("D-11", running(MAN), renal, JP)
    _, warned = words("D-11", MAN, renal, US)

    assert lower.en == "Start at 10 mg/day."
    assert signed.en == "Another physician checks the dose and signs with a reason."
    assert warned.en == "Check whether a lower dose will do."


def test_every_code_that_a_message_can_show_has_a_name_in_both_languages():
    codes = labels()["codes"]

    shown = v.MEDICINES | v.CONDITIONS | v.ALLERGIES | v.METHODS | v.CANNOT_REASONS | v.ACTIVITIES
    shown |= v.TEST_RESULTS | v.TEST_SETTINGS | v.DISCLOSURES | v.FAILED_TREATMENTS | v.SEVERITIES
    shown |= v.PRODUCTS | v.SYMPTOMS | v.MILD_PROCEDURES | v.WOUNDING_PROCEDURES
    shown |= set(v.CHECKIN_ITEMS) | (v.VISIT_MODES - {"video", "in_person"})

    assert shown - codes.keys() == set()
    assert all(len(pair) == 2 and all(pair) for pair in codes.values())
