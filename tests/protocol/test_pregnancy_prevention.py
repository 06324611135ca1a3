"""P- rules that programmes share, and the house policy of Japan: tests, contraception."""

from datetime import UTC, datetime

import pytest

from tests.protocol.situations import (
    EU,
    JP,
    MAN,
    UK,
    US,
    WOMAN,
    ago,
    asked,
    ended,
    levels,
    missing,
    pregnancy_test,
    running,
)

CATEGORY = {JP: "P-JP-01", US: "P-US-01", UK: "P-PP-07", EU: "P-PP-07"}


@pytest.mark.parametrize("pack", CATEGORY)
def test_p_jp_01_p_us_01_p_pp_07_tubal_ligation_is_asked_as_can(pack):
    rule = CATEGORY[pack]
    ligation = {"patient.can_become_pregnant": False, "patient.cannot_reason": "tubal_ligation"}

    assert levels(rule, WOMAN, "intake", ligation, pack=pack) == ["hold"]
    assert levels("C-01", WOMAN, "intake", ligation | {"patient.pregnant": True}, pack=pack) == [
        "block"
    ]
    assert levels(rule, MAN, "intake", pack=pack) == []
    assert missing(rule, WOMAN, "checkin", unset=["patient.can_become_pregnant"], pack=pack) == {
        "patient.can_become_pregnant"
    }


@pytest.mark.parametrize(("days", "says"), [(0, []), (6, []), (7, ["hold"])])
def test_p_jp_02_the_test_day_is_day_one_of_seven(days, says):
    patient = running(WOMAN)

    for purpose in ("prescribe", "dispense"):
        assert (
            levels("P-JP-02", patient, purpose, {"pregnancy_tests": [pregnancy_test(days)]}) == says
        )


def test_p_jp_02_needs_a_negative_test_and_ignores_one_of_tomorrow():
    assert levels("P-JP-02", WOMAN, "prescribe", {"pregnancy_tests": []}) == ["hold"]
    assert levels("P-JP-02", WOMAN, "prescribe", {"pregnancy_tests": [pregnancy_test(-1)]}) == [
        "hold"
    ]
    assert levels("P-JP-02", MAN, "prescribe", {"pregnancy_tests": []}) == []


def test_p_jp_02_the_day_is_that_of_the_patients_zone():
    seven_days = {"pregnancy_tests": [{**pregnancy_test(0), "taken_on": "2026-06-09"}]}
    last_minute = datetime(2026, 6, 15, 14, 59, tzinfo=UTC)  # 23:59 in Tokyo
    midnight = datetime(2026, 6, 15, 15, 0, tzinfo=UTC)

    assert levels("P-JP-02", running(WOMAN), "dispense", seven_days, now=last_minute) == []
    assert levels("P-JP-02", running(WOMAN), "dispense", seven_days, now=midnight) == ["hold"]


IUD = ("iud_hormonal", 200)
PILL, CONDOM, MINI = ("combined_pill", 200), ("male_condom", 200), ("progestogen_only_pill", 200)


def using(*methods, abstinence=False):
    listed = [{"code": code, "since": ago(days)} for code, days in methods]
    return {"contraception.methods": listed, "contraception.abstinence": abstinence}


@pytest.mark.parametrize(
    ("methods", "jp", "us", "uk"),
    [
        ((IUD,), [], ["block"], []),
        ((IUD, CONDOM), [], [], []),
        ((PILL, CONDOM), [], [], []),
        ((PILL,), ["hold"], ["block"], ["hold"]),
        ((PILL, ("injection", 200)), ["hold"], [], ["hold"]),
        ((CONDOM, ("diaphragm", 200)), ["hold"], ["block"], ["hold"]),
        ((MINI, CONDOM), ["hold"], ["block"], ["hold"]),
        ((IUD, MINI), [], ["block"], []),
        ((), ["hold"], ["block"], ["hold"]),
    ],
)
def test_p_jp_03_p_us_03_p_pp_03_which_combinations_suffice(methods, jp, us, uk):
    assert levels("P-JP-03", WOMAN, "prescribe", using(*methods)) == jp
    assert levels("P-US-03", WOMAN, "prescribe", using(*methods), pack=US) == us
    assert levels("P-PP-03", WOMAN, "prescribe", using(*methods), pack=UK) == uk


def test_p_jp_03_p_us_03_abstinence_suffices_in_jp_and_us_only():
    abstains = using(abstinence=True)

    assert levels("P-JP-03", WOMAN, "prescribe", abstains) == []
    assert levels("P-US-03", WOMAN, "prescribe", abstains, pack=US) == []
    assert levels("P-PP-03", WOMAN, "prescribe", abstains, pack=EU) == ["hold"]


@pytest.mark.parametrize(
    ("since", "says"), [("2026-05-15", []), ("2026-05-16", ["hold"]), ("2026-06-15", ["hold"])]
)
def test_p_jp_03_one_month_must_have_passed_before_the_first_dose(since, says):
    changes = {"contraception.methods": [{"code": "implant", "since": since}]}

    assert levels("P-JP-03", WOMAN, "prescribe", changes) == says
    assert levels("P-PP-03", WOMAN, "prescribe", changes, pack=UK) == says
    assert levels("P-JP-03", running(WOMAN), "prescribe", changes) == []


@pytest.mark.parametrize(("since", "says"), [("2026-05-15", []), ("2026-05-16", ["block"])])
def test_p_us_03_one_month_of_both_forms_must_have_passed_before_the_first_dose(since, says):
    both = [{"code": "implant", "since": since}, {"code": "male_condom", "since": since}]
    changes = {"contraception.methods": both}

    assert levels("P-US-03", WOMAN, "prescribe", changes, pack=US) == says
    assert levels("P-US-03", running(WOMAN), "prescribe", changes, pack=US) == []


@pytest.mark.parametrize(("day", "says"), [(1, ["hold"]), (2, [])])
def test_p_jp_03_in_february_a_month_is_thirty_days(day, says):
    changes = {"contraception.methods": [{"code": "implant", "since": "2026-01-31"}]}
    now = datetime(2026, 3, day, 3, 0, tzinfo=UTC)

    assert levels("P-JP-03", WOMAN, "prescribe", changes, now=now) == says


def test_p_jp_03_a_form_added_later_does_not_restart_the_wait():
    assert levels("P-JP-03", WOMAN, "prescribe", using(IUD, ("combined_pill", 1))) == []
    assert levels("P-PP-03", WOMAN, "prescribe", using(PILL, CONDOM, ("sponge", 1)), pack=UK) == []


def test_p_jp_03_since_is_needed_of_each_method_unless_she_abstains():
    open_since = {
        "contraception.methods": [{"code": "iud_copper", "since": ago(90)}, {"code": "sponge"}]
    }
    since = {"contraception.methods.since"}

    assert missing("P-JP-03", WOMAN, "prescribe", open_since) == since
    assert missing("P-JP-03", running(WOMAN), "prescribe", open_since) == set()
    assert (
        missing("P-JP-03", WOMAN, "prescribe", open_since | {"contraception.abstinence": True})
        == set()
    )


def test_p_jp_03_what_is_proven_stands_beside_what_is_missing():
    withdrawal = {"contraception.methods": [{"code": "withdrawal"}]}

    assert levels("P-JP-03", WOMAN, "prescribe", withdrawal) == ["hold", "hold"]
    assert levels("P-US-03", WOMAN, "prescribe", withdrawal, pack=US) == ["hold", "block"]


def test_p_us_06_p_pp_04_methods_that_never_count():
    alone, beside = using(MINI, CONDOM), using(MINI, IUD, CONDOM)

    assert levels("P-US-06", WOMAN, "prescribe", alone, pack=US) == ["block"]
    assert levels("P-US-06", WOMAN, "prescribe", beside, pack=US) == ["counsel"]
    assert levels("P-PP-04", WOMAN, "prescribe", alone, pack=UK) == ["hold"]
    assert levels("P-PP-04", WOMAN, "prescribe", beside, pack=UK) == ["counsel"]
    assert levels("P-PP-04", WOMAN, "prescribe", using(("withdrawal", 90)), pack=UK) == []


def test_p_jp_04_first_capsule_advice_before_the_first_dose():
    assert levels("P-JP-04", WOMAN, "prescribe") == ["counsel"]
    assert levels("P-JP-04", running(WOMAN), "prescribe") == []


@pytest.mark.parametrize(
    ("setting", "coded", "first", "later"),
    [
        ("remote_supervised", False, [], []),
        ("home", True, ["hold"], []),
        ("home", False, ["hold"], ["hold"]),
    ],
)
def test_p_jp_06_home_tests_count_only_later_and_coded(setting, coded, first, later):
    tests = {"pregnancy_tests": [pregnancy_test(0, setting=setting, coded=coded)]}

    assert levels("P-JP-06", WOMAN, "prescribe", tests) == first
    assert levels("P-JP-06", running(WOMAN), "dispense", tests) == later


def test_p_jp_06_judges_only_the_test_that_counts_and_only_in_a_course():
    home = {"pregnancy_tests": [pregnancy_test(0, setting="home")]}

    assert levels("P-JP-06", WOMAN, "prescribe", {"pregnancy_tests": []}) == []
    assert levels("P-JP-06", ended(WOMAN), "dispense", home) == []


REGISTRY = {
    JP: ("P-JP-08", "A-10"),
    US: ("P-US-16", "A-11"),
    UK: ("P-PP-12", "A-12"),
    EU: ("P-PP-12", "A-13"),
}


@pytest.mark.parametrize("pack", REGISTRY)
def test_r_12_p_jp_08_p_us_16_p_pp_12_a_positive_test_in_the_course_stops(pack):
    own, report = REGISTRY[pack]
    before, since = (
        {"pregnancy_tests": [pregnancy_test(41, "positive")]},
        {"pregnancy_tests": [pregnancy_test(40, "positive")]},
    )

    found = asked(running(WOMAN, 40), "dispense", since, pack=pack)

    assert found.decision == "stop"
    assert [f.level for f in (*found.of("R-12"), *found.of(own))] == ["stop", "stop"]
    assert [f.level for f in found.of(report)] == ["counsel"]
    assert levels("R-12", running(WOMAN, 40), "dispense", before, pack=pack) == []


def test_r_12_after_the_course_a_test_counts_until_one_month_after():
    def at(days):
        return {"pregnancy_tests": [pregnancy_test(days, "positive")]}

    for rule, pack in (("R-12", JP), ("P-JP-08", JP), ("P-US-16", US), ("P-PP-12", UK)):
        assert levels(rule, ended(WOMAN, 31), "checkin", at(1), pack=pack) == ["stop"]
        assert levels(rule, ended(WOMAN, 31), "checkin", at(0), pack=pack) == []


def test_r_12_p_jp_08_the_red_flag_counts_whoever_answers():
    late = {"checkin.red_flags": ["pregnancy"]}

    assert levels("R-12", running(MAN), "checkin", late) == ["stop"]
    assert levels("P-JP-08", running(MAN), "checkin", late) == ["stop"]


@pytest.mark.parametrize(
    ("days", "tests", "says"),
    [
        (30, [], ["counsel"]),
        (31, [], ["hold"]),
        (40, [pregnancy_test(10)], ["hold"]),
        (40, [pregnancy_test(9)], []),
    ],
)
def test_t_08_the_final_test_one_month_after(days, tests, says):
    assert levels("T-08", ended(WOMAN, days), "checkin", {"pregnancy_tests": tests}) == says
    assert levels("T-08", ended(MAN, days), "checkin") == []
