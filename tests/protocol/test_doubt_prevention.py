"""Pregnancy prevention where facts are unknown, empty or double: what is proven is answered."""

import pytest

from tests.protocol.situations import (
    EU,
    JP,
    MAN,
    UK,
    US,
    WOMAN,
    ago,
    levels,
    missing,
    pregnancy_test,
    running,
)


def methods(*codes, since=None):
    """Methods, all begun so many days ago; nobody knows when if that is None."""
    begun = {} if since is None else {"since": ago(since)}
    return {"contraception.methods": [{"code": code} | begun for code in codes]}


def with_tests(*listed):
    return {"pregnancy_tests": list(listed)}


def test_c_01_a_test_counts_at_intake_if_it_is_known():
    unclear = with_tests(pregnancy_test(1, "indeterminate"))

    assert levels("C-01", WOMAN, "intake", unclear) == ["block"]
    assert levels("C-01", WOMAN, "intake", unset=["pregnancy_tests"]) == []


@pytest.mark.parametrize("purpose", ["prescribe", "dispense"])
def test_c_01_tests_are_needed_from_the_prescription_on(purpose):
    assert missing("C-01", WOMAN, purpose, unset=["pregnancy_tests"]) == {"pregnancy_tests"}


def test_c_15_a_rule_that_was_not_met_before_is_not_blamed_on_the_inducer():
    changes = {"patient.medicines": [{"code": "carbamazepine"}]} | methods("male_condom", since=200)

    assert levels("C-15", WOMAN, "prescribe", changes) == ["warn"]
    assert levels("P-JP-03", WOMAN, "prescribe", changes) == ["hold"]


def test_c_23_before_the_first_dose_blood_may_be_given():
    wish = {"checkin.wants_blood_donation": True}

    assert levels("C-23", MAN, "checkin", wish) == []


@pytest.mark.parametrize(("pack", "rule"), [(JP, "P-JP-03"), (UK, "P-PP-03"), (EU, "P-PP-03")])
@pytest.mark.parametrize("hormone", ["combined_pill", "patch", "vaginal_ring", "injection"])
@pytest.mark.parametrize("barrier", ["male_condom", "diaphragm", "cervical_cap", "sponge"])
def test_p_jp_03_p_pp_03_any_hormone_with_any_barrier(pack, rule, hormone, barrier):
    both = methods(hormone, barrier, since=200)

    assert levels(rule, WOMAN, "prescribe", both, pack=pack) == []
    for one in (hormone, barrier):
        alone = methods(one, since=200)
        assert levels(rule, WOMAN, "prescribe", alone, pack=pack) == ["hold"]


@pytest.mark.parametrize(
    "method", ["implant", "iud_hormonal", "iud_copper", "tubal_ligation", "partner_vasectomy"]
)
def test_p_jp_03_p_pp_03_one_method_that_needs_no_care(method):
    alone = methods(method, since=200)

    assert levels("P-JP-03", WOMAN, "prescribe", alone) == []
    assert levels("P-PP-03", WOMAN, "prescribe", alone, pack=UK) == []
    assert levels("P-US-03", WOMAN, "prescribe", alone, pack=US) == ["block"]


def test_p_us_06_while_running_nobody_asks_since_when():
    listed = methods("iud_copper", "sponge", "female_condom")

    assert levels("P-US-06", running(WOMAN), "prescribe", listed, pack=US) == ["counsel"]


def test_p_us_06_in_an_unknown_phase_a_short_time_proves_nothing():
    listed = methods("iud_copper", "sponge", "female_condom", since=3)

    assert levels("P-US-06", WOMAN, "prescribe", listed | {"course.status": None}, pack=US) == [
        "hold"
    ]


def test_p_us_02_unknown_consents_hold_alone():
    unset = ["visit.consents"]

    assert levels("P-US-02", MAN, "prescribe", unset=unset, pack=US) == ["hold"]
    assert missing("P-US-02", MAN, "prescribe", unset=unset, pack=US) == {"visit.consents"}


def test_p_us_07_no_test_at_all_blocks():
    assert levels("P-US-07", WOMAN, "prescribe", with_tests(), pack=US) == ["block"]


def test_p_us_13_without_a_test_there_is_nothing_to_ask_of():
    differ = {"programme.forms_match": False}

    assert levels("P-US-13", WOMAN, "dispense", with_tests() | differ, pack=US) == []
    unknown = differ | {"pregnancy_tests": None}
    assert levels("P-US-13", WOMAN, "dispense", unknown, pack=US) == ["hold", "block"]


def test_p_jp_06_p_us_08_of_two_home_tests_on_one_day_the_one_without_a_code_counts():
    both = [pregnancy_test(1, setting="home", coded=coded) for coded in (True, False)]
    opted_in = {"programme.home_test_opt_in": True}

    for listed in (with_tests(*both), with_tests(*reversed(both))):
        assert levels("P-JP-06", running(WOMAN), "prescribe", listed) == ["hold"]
        assert levels("P-US-08", running(WOMAN), "prescribe", listed | opted_in, pack=US) == [
            "block"
        ]
    coded = with_tests(both[0])
    assert levels("P-JP-06", running(WOMAN), "prescribe", coded) == []
    assert levels("P-US-08", running(WOMAN), "prescribe", coded | opted_in, pack=US) == []


@pytest.mark.parametrize("setting", ["laboratory", "clinic", "remote_supervised"])
def test_p_jp_06_p_pp_05_p_us_08_a_supervised_test_will_do(setting):
    supervised = with_tests(pregnancy_test(0, setting=setting))

    assert levels("P-JP-06", WOMAN, "prescribe", supervised) == []
    assert levels("P-PP-05", WOMAN, "prescribe", supervised, pack=UK) == []
    assert levels("P-US-08", running(WOMAN), "prescribe", supervised, pack=US) == []


def test_p_pp_01_a_cosmetic_request_is_asked_as_acne_is():
    request = {"course.indication": "cosmetic", "course.severity": "moderate"}

    assert levels("P-PP-01", MAN, "intake", request, pack=EU) == ["hold"]
