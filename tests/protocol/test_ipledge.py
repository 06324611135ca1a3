"""P-US- rules: enrolment, tests, windows and authorisation in the United States."""

from datetime import UTC, datetime

import pytest

from tests.protocol.situations import (
    MAN,
    US,
    US_2026,
    WOMAN,
    ago,
    levels,
    missing,
    pregnancy_test,
    running,
)


def test_p_us_02_enrolment_certification_and_consent():
    assert levels("P-US-02", MAN, "prescribe", {"visit.consents": ["treatment"]}, pack=US) == [
        "block"
    ]
    assert levels("P-US-02", MAN, "dispense", {"programme.pharmacy_certified": False}, pack=US) == [
        "block"
    ]
    assert (
        levels("P-US-02", MAN, "dispense", {"programme.prescriber_certified": False}, pack=US) == []
    )


@pytest.mark.parametrize(
    ("tests", "says"),
    [
        ([pregnancy_test(19), pregnancy_test(0)], []),
        ([pregnancy_test(18), pregnancy_test(0)], ["block"]),
        ([pregnancy_test(40), pregnancy_test(0, setting="remote_supervised")], ["block"]),
        ([pregnancy_test(40, setting="home", coded=True), pregnancy_test(0)], ["block"]),
        ([pregnancy_test(0)], ["block"]),
        ([pregnancy_test(30), pregnancy_test(10, "positive"), pregnancy_test(0)], []),
    ],
)
def test_p_us_07_two_medical_tests_19_days_apart(tests, says):
    assert levels("P-US-07", WOMAN, "prescribe", {"pregnancy_tests": tests}, pack=US) == says
    assert levels("P-US-07", running(WOMAN), "prescribe", {"pregnancy_tests": tests}, pack=US) == []


def test_p_us_08_home_tests_need_a_code_and_the_opt_in():
    coded = {"pregnancy_tests": [pregnancy_test(0, setting="home", coded=True)]}
    uncoded = {"pregnancy_tests": [pregnancy_test(0, setting="home")]}
    opted = {"programme.home_test_opt_in": True}

    assert levels("P-US-08", running(WOMAN), "prescribe", coded | opted, pack=US) == []
    assert levels("P-US-08", running(WOMAN), "prescribe", coded, pack=US) == ["block"]
    assert levels("P-US-08", running(WOMAN), "dispense", uncoded | opted, pack=US) == ["block"]
    assert levels("P-US-08", running(WOMAN), "dispense", {"pregnancy_tests": []}, pack=US) == [
        "block"
    ]
    assert levels("P-US-08", WOMAN, "dispense", uncoded, pack=US) == []


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (datetime(2026, 6, 16, 3, 59, tzinfo=UTC), []),  # 23:59 Eastern on day 7
        (datetime(2026, 6, 16, 4, 0, tzinfo=UTC), ["block"]),
    ],
)
def test_p_us_09_the_window_closes_at_midnight_eastern_of_day_seven(now, says):
    tests = {"pregnancy_tests": [{**pregnancy_test(0), "taken_on": "2026-06-09"}]}

    assert levels("P-US-09", running(WOMAN), "dispense", tests, pack=US, now=now) == says


@pytest.mark.parametrize(
    ("pack", "tests", "says"),
    [
        (US, [pregnancy_test(0)], []),
        (US, [pregnancy_test(1)], ["block"]),
        (US, [], ["block"]),
        (US_2026, [pregnancy_test(18)], []),
        (US_2026, [pregnancy_test(19)], ["block"]),
        (US_2026, [pregnancy_test(0, setting="remote_supervised")], ["block"]),
    ],
)
def test_p_us_10_lockout_of_19_days_or_an_immediate_retest(pack, tests, says):
    missed = {
        "programme.first_window": "missed",
        "programme.first_window_test_on": ago(19),
        "pregnancy_tests": tests,
    }

    assert levels("P-US-10", WOMAN, "prescribe", missed, pack=pack) == says
    assert levels("P-US-10", running(WOMAN), "prescribe", missed, pack=pack) == []
    open_window = missed | {"programme.first_window": "open"}
    assert levels("P-US-10", WOMAN, "prescribe", open_window, pack=pack) == []


@pytest.mark.parametrize(("days", "says"), [(29, []), (30, ["block"])])
def test_p_us_11_thirty_days_from_the_visit_until_2026(days, says):
    eastern_noon = datetime(2026, 6, 15, 16, 0, tzinfo=UTC)

    assert (
        levels("P-US-11", MAN, "dispense", {"visit.on": ago(days)}, pack=US, now=eastern_noon)
        == says
    )
    assert levels("P-US-11", MAN, "dispense", {"visit.on": ago(days)}, pack=US_2026) == []
    assert levels("P-US-11", WOMAN, "dispense", {"visit.on": ago(days)}, pack=US) == []


def test_p_us_12_counselling_monthly_or_at_enrolment():
    def at(days):
        return {"programme.counselled_on": ago(days)}

    assert levels("P-US-12", running(MAN), "prescribe", at(30), pack=US) == []
    assert levels("P-US-12", running(MAN), "prescribe", at(31), pack=US) == ["hold"]
    assert levels("P-US-12", MAN, "prescribe", at(300), pack=US_2026) == []
    assert missing(
        "P-US-12", MAN, "prescribe", unset=["programme.counselled_on"], pack=US_2026
    ) == {"programme.counselled_on"}
    assert (
        levels(
            "P-US-12", running(MAN), "prescribe", unset=["programme.counselled_on"], pack=US_2026
        )
        == []
    )


def test_p_us_13_questions_since_the_newest_test_and_matching_forms():
    tests = {"pregnancy_tests": [pregnancy_test(3)]}

    def at(days):
        return tests | {"programme.comprehension_on": ago(days)}

    assert levels("P-US-13", WOMAN, "dispense", at(3), pack=US) == []
    assert levels("P-US-13", WOMAN, "dispense", at(4), pack=US) == ["block"]
    assert levels("P-US-13", WOMAN, "dispense", at(-1), pack=US) == ["block"]
    assert levels("P-US-13", WOMAN, "dispense", {"programme.forms_match": False}, pack=US) == [
        "block"
    ]
    assert levels("P-US-13", WOMAN, "dispense", at(9) | {"pregnancy_tests": []}, pack=US) == []


def test_p_us_14_the_rma_and_its_last_day_at_the_hand_over():
    late = {"programme.do_not_dispense_after": ago(2)}  # Eastern today is the day before

    assert levels("P-US-14", MAN, "dispense", {"programme.rma_obtained": False}, pack=US) == [
        "block"
    ]
    assert levels("P-US-14", MAN, "dispense", late, pack=US) == ["block"]
    assert (
        levels("P-US-14", MAN, "dispense", {"programme.do_not_dispense_after": ago(1)}, pack=US)
        == []
    )
    assert levels("P-US-14", MAN, "dispense", late | {"dispense.step": "claim"}, pack=US) == []


@pytest.mark.parametrize(
    ("methods", "abstinence", "status", "says"),
    [
        ([("iud_copper", None), ("sponge", None)], False, "not_started", ["hold"]),
        ([("sponge", 200)], None, "not_started", ["hold"]),
        ([("iud_copper", 3), ("sponge", 3)], False, None, ["hold"]),
        ([("sponge", 3)], False, None, ["hold", "block"]),
        (None, False, "not_started", ["hold"]),
    ],
)
def test_p_us_03_p_us_06_what_is_not_proven_only_holds(methods, abstinence, status, says):
    listed = methods and [
        {"code": code} | ({} if days is None else {"since": ago(days)}) for code, days in methods
    ]
    changes = {
        "contraception.methods": listed,
        "contraception.abstinence": abstinence,
        "course.status": status,
    }

    assert levels("P-US-03", WOMAN, "prescribe", changes, pack=US) == says
    assert levels("P-US-06", WOMAN, "prescribe", changes, pack=US) == ["hold"]
