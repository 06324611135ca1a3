"""P-PP- rules: the European pregnancy prevention programme."""

import pytest

from tests.protocol.situations import (
    EU,
    MAN,
    UK,
    WOMAN,
    ago,
    levels,
    pregnancy_test,
)


def test_p_pp_01_severe_and_resistant_and_attested():
    assert levels("P-PP-01", MAN, "intake", {"course.severity": "moderate"}, pack=EU) == ["hold"]
    assert levels(
        "P-PP-01", MAN, "intake", {"course.prior_treatment_failed": ["topical"]}, pack=UK
    ) == ["hold"]
    unattested = {"course.no_other_treatment_attested": False}
    assert levels("P-PP-01", MAN, "prescribe", unattested, pack=UK) == ["hold"]
    assert levels("P-PP-01", MAN, "intake", unattested, pack=UK) == []
    assert levels("P-PP-01", MAN, "prescribe", unattested, pack=EU) == []
    assert (
        levels("P-PP-01", MAN, "prescribe", unattested | {"course.indication": "rosacea"}, pack=UK)
        == []
    )


def test_p_pp_02_p_pp_10_expertise_and_the_first_visit_in_person():
    assert levels("P-PP-02", MAN, "prescribe", {"prescriber.retinoid_expert": False}, pack=EU) == [
        "hold"
    ]
    assert levels("P-PP-02", MAN, "prescribe", pack=EU) == []
    remote = {"visit.in_person_first_done": False}
    assert levels("P-PP-10", MAN, "prescribe", remote, pack=UK) == ["hold"]
    assert levels("P-PP-10", MAN, "prescribe", remote, pack=EU) == []
    assert levels("P-PP-10", MAN, "prescribe", pack=UK) == []


@pytest.mark.parametrize(
    ("tests", "says"),
    [
        ([pregnancy_test(3)], []),
        ([pregnancy_test(4)], ["hold"]),
        ([], ["hold"]),
        ([pregnancy_test(0, setting="home", coded=True)], ["hold"]),
        ([pregnancy_test(0, setting="remote_supervised")], []),
        ([pregnancy_test(0, "pending")], ["hold"]),
    ],
)
def test_p_pp_05_supervised_and_at_most_three_days_before_the_visit(tests, says):
    assert levels("P-PP-05", WOMAN, "prescribe", {"pregnancy_tests": tests}, pack=UK) == says


@pytest.mark.parametrize(("days", "says"), [(6, []), (7, ["block"])])
def test_p_pp_06_seven_days_from_the_issue_day(days, says):
    issued = {"prescription.issued_on": ago(days)}

    assert levels("P-PP-06", WOMAN, "dispense", issued, pack=UK) == says
    assert levels("P-PP-06", MAN, "dispense", issued, pack=UK) == []


def test_p_pp_07_a_documented_exemption_lifts_the_programme():
    exempt = {
        "programme.exemption_documented": True,
        "pregnancy_tests": [],
        "contraception.methods": [],
    }

    assert levels("P-PP-07", WOMAN, "prescribe", exempt, pack=UK) == ["warn"]
    for rule in ("P-PP-03", "P-PP-04", "P-PP-05"):
        assert levels(rule, WOMAN, "prescribe", exempt, pack=UK) == []
    unknown = exempt | {"patient.can_become_pregnant": None}
    assert levels("P-PP-05", WOMAN, "prescribe", unknown, pack=UK) == ["hold"]


def test_p_pp_07_menopause_must_be_documented():
    menopause = {"patient.can_become_pregnant": False, "patient.cannot_reason": "postmenopausal"}

    assert levels("P-PP-07", WOMAN, "prescribe", menopause, pack=UK) == ["hold"]
    assert levels("P-PP-07", WOMAN, "intake", menopause, pack=UK) == []
    documented = menopause | {"programme.exemption_documented": True}
    assert levels("P-PP-07", WOMAN, "prescribe", documented, pack=UK) == []


def test_p_pp_08_the_acknowledgement_of_risk():
    unsigned = {"visit.consents": ["treatment"]}

    assert levels("P-PP-08", MAN, "prescribe", unsigned, pack=UK) == ["hold"]
    assert levels("P-PP-08", MAN, "prescribe", unsigned, pack=EU) == []
    assert levels("P-PP-08", WOMAN, "prescribe", unsigned, pack=EU) == ["hold"]


def test_p_pp_09_mood_and_sexual_function_are_asked():
    unasked = {"visit.sexual_function_asked": False}

    assert levels("P-PP-09", MAN, "prescribe", unasked, pack=UK) == ["hold"]
    assert levels("P-PP-09", MAN, "prescribe", unasked, pack=EU) == ["warn"]
    assert levels("P-PP-09", MAN, "prescribe", pack=UK) == []


def test_p_pp_11_men_are_told_not_to_share():
    assert levels("P-PP-11", MAN, "prescribe", pack=UK) == ["counsel"]
    assert levels("P-PP-11", WOMAN, "prescribe", pack=UK) == []
