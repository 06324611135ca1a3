"""What every finding carries: what decided, what would change it, who can do it, from where."""

import pytest

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
