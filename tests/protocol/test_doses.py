"""D- rules: how much, for how long, for whom, in which capsules."""

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
    given,
    levels,
    missing,
    pregnancy_test,
    running,
)


def dose(daily_mg, kg=60, **more):
    """A daily dose on a weight."""
    return {
        "prescription.daily_mg": daily_mg,
        "patient.weights": [{"kg": kg, "on": ago(3)}],
        **more,
    }


@pytest.mark.parametrize(("kg", "says"), [(60, []), ("59.9", ["warn"])])
def test_d_01_a_first_dose_above_half_a_milligram_warns(kg, says):
    assert levels("D-01", MAN, "prescribe", dose(30, kg)) == says
    assert levels("D-01", running(MAN), "prescribe", dose(30, kg)) == []


@pytest.mark.parametrize(
    ("daily_mg", "kg", "jp", "us"),
    [
        (30, 60, [], []),
        (30, "60.1", ["warn"], ["warn"]),
        (60, 60, [], []),
        (60, "59.9", ["senior"], []),
    ],
)
def test_d_02_the_usual_range_is_half_to_one(daily_mg, kg, jp, us):
    assert levels("D-02", MAN, "prescribe", dose(daily_mg, kg)) == jp
    assert levels("D-02", MAN, "prescribe", dose(daily_mg, kg), pack=US) == us


def test_d_03_above_two_blocks_whoever_it_is():
    severe = {"course.iga": 4, "course.scarring": True}

    assert levels("D-03", MAN, "prescribe", severe | dose(140, 70)) == ["senior"]
    assert levels("D-03", MAN, "prescribe", severe | dose(140, "69.9")) == ["block"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, ["hold"]),
        ({"course.iga": 4}, ["senior"]),
        ({"course.scarring": True}, ["senior"]),
        ({"patient.conditions": ["truncal_nodules"]}, ["senior"]),
        ({"course.iga": 4, "patient.birth_on": "2008-06-16"}, ["hold"]),
        ({"course.iga": 4, "patient.birth_on": "2008-06-15"}, ["senior"]),
    ],
)
def test_d_03_above_one_only_adults_with_very_severe_disease(changes, says):
    assert levels("D-03", MAN, "prescribe", dose(90, 60) | changes) == says
    assert levels("D-03", MAN, "prescribe", dose(60, 60) | changes) == []


def test_d_03_a_missing_product_hides_no_block():
    found = levels("D-03", MAN, "prescribe", dose(140, 60), unset=["prescription.product"])

    assert found == ["hold", "block"]


def test_d_04_once_daily_warns_in_us():
    once = {"prescription.doses_per_day": 1}

    assert levels("D-04", MAN, "prescribe", once, pack=US) == ["warn"]
    assert levels("D-04", MAN, "prescribe", pack=US) == []
    assert levels("D-04", MAN, "prescribe", once) == []


def test_d_05_before_an_increase_food_is_asked():
    fasting = {"course.taken_with_food": False}

    assert levels("D-05", running(MAN), "prescribe", fasting | {"prescription.daily_mg": 40}) == [
        "warn"
    ]
    assert levels("D-05", running(MAN), "prescribe", fasting) == []
    lidose = fasting | {"prescription.daily_mg": 40, "prescription.product": "lidose"}
    assert levels("D-05", running(MAN), "prescribe", lidose, pack=US) == []


@pytest.mark.parametrize(
    ("daily_mg", "says"),
    [
        (24, []),
        ("23.9", ["warn"]),
        (48, []),
        ("48.1", ["warn"]),
        (96, ["warn"]),
        ("96.1", ["block"]),
    ],
)
def test_d_06_micronised_doses(daily_mg, says):
    changes = dose(daily_mg) | {"prescription.product": "micronised"}

    assert levels("D-06", MAN, "prescribe", changes, pack=US) == says
    assert levels("D-03", MAN, "prescribe", changes, pack=US) == []


def test_d_06_leaves_the_ordinary_product_alone():
    assert levels("D-06", MAN, "prescribe", dose(60), pack=US) == []
    assert levels("D-06", MAN, "prescribe", dose(20), pack=US) == []


def test_d_06_no_milligram_for_milligram_switch():
    micronised = {"prescription.product": "micronised", "prescription.daily_mg": 32}
    same = {"course.last_product": "standard", "course.last_daily_mg": 32}
    other = {"course.last_product": "standard", "course.last_daily_mg": 40}
    lidose = {"prescription.product": "lidose", "course.last_product": "standard"}

    assert levels("D-06", running(MAN), "prescribe", micronised | same, pack=US) == ["block"]
    assert levels("D-06", running(MAN), "prescribe", micronised | other, pack=US) == []
    assert levels("D-06", running(MAN), "prescribe", lidose, pack=US) == []


@pytest.mark.parametrize(
    ("pack", "days", "says"),
    [(JP, 167, []), (JP, 168, ["senior"]), (US, 139, []), (US, 140, ["senior"])],
)
def test_d_07_a_long_course_goes_to_a_senior(pack, days, says):
    assert levels("D-07", running(MAN, days), "prescribe", pack=pack) == says


@pytest.mark.parametrize(
    ("dispensed_mg", "says"),
    [(8160, []), (8161, ["warn"]), (12360, ["warn"]), (12361, ["senior"])],
)
def test_d_08_the_cumulative_dose_counts_this_supply(dispensed_mg, says):
    # 28 days of 30 mg are 840 mg; 60 kg times 150 are 9000 mg, times 220 13200 mg.
    assert levels("D-08", running(MAN), "prescribe", {"course.dispensed_mg": dispensed_mg}) == says


def test_d_08_a_part_of_a_day_counts_as_a_day():
    changes = {"course.dispensed_mg": 8160, "prescription.days": "27.5"}

    assert levels("D-08", running(MAN), "prescribe", changes) == []
    assert levels("D-08", running(MAN), "prescribe", changes | {"prescription.days": "28.5"}) == [
        "warn"
    ]


@pytest.mark.parametrize(
    ("now", "days", "says"), [(299, 139, ["counsel"]), (300, 139, []), (0, 140, [])]
)
def test_d_09_lesions_down_by_more_than_70_percent_may_stop_early(now, days, says):
    counts = {"course.lesions_baseline": 1000, "course.lesions_now": now}

    assert levels("D-09", running(MAN, days), "prescribe", counts, pack=US) == says


def test_d_10_a_low_dose_relapses_more():
    assert levels("D-10", MAN, "prescribe", dose(20)) == ["warn"]
    assert levels("D-10", MAN, "prescribe", dose(30)) == []


def test_d_11_severe_renal_impairment_starts_at_ten_milligrams():
    renal = {"patient.conditions": ["renal_severe"]}

    assert levels("D-11", MAN, "prescribe", renal | dose(20)) == ["hold"]
    assert levels("D-11", MAN, "prescribe", renal | dose(11)) == ["hold"]
    assert levels("D-11", MAN, "prescribe", renal | dose(10)) == ["senior"]
    assert levels("D-11", running(MAN), "prescribe", renal | dose(20)) == ["senior"]
    assert levels("D-11", MAN, "prescribe", renal | dose(20), pack=US) == ["warn"]


@pytest.mark.parametrize("risk", ["truncal_nodules", "ulcerating_acne", "sinus_tracts"])
def test_d_13_a_risk_of_fulminans_starts_low(risk):
    has = {"patient.conditions": [risk]}

    assert levels("D-13", MAN, "prescribe", has | dose(30)) == ["hold"]
    assert levels("D-13", MAN, "prescribe", has | dose(30, "60.1")) == ["senior"]
    assert levels("D-13", running(MAN), "prescribe", has | dose(30)) == []


@pytest.mark.parametrize(("kg", "says"), [(100, ["senior"]), ("99.9", ["hold"])])
def test_d_14_rosacea_takes_at_most_a_low_dose(kg, says):
    rosacea = dose(30, kg) | {"course.indication": "rosacea"}

    assert levels("D-14", MAN, "prescribe", rosacea) == says
    assert levels("D-14", MAN, "prescribe", dose(30, kg)) == []


@pytest.mark.parametrize(
    ("pack", "product", "daily_mg", "says"),
    [
        (JP, "standard", 50, []),
        (JP, "standard", 25, ["hold"]),
        (US, "standard", 25, []),
        (US, "lidose", 65, []),
        (US, "micronised", 24, []),
        (US, "micronised", 20, ["hold"]),
        (UK, "standard", 5, []),
        (EU, "standard", 0, ["hold"]),
        (JP, "lidose", 20, ["hold"]),
        (UK, "micronised", 20, ["hold"]),
    ],
)
def test_d_16_the_daily_dose_is_a_sum_of_capsules_of_the_pack(pack, product, daily_mg, says):
    changes = {"prescription.product": product, "prescription.daily_mg": daily_mg}

    assert levels("D-16", MAN, "prescribe", changes, pack=pack) == says


@pytest.mark.parametrize(
    ("who", "pack", "says"),
    [
        (WOMAN, JP, ["block"]),
        (MAN, JP, ["hold"]),
        (MAN, US, ["block"]),
        (WOMAN, UK, ["block"]),
        (MAN, UK, []),
    ],
)
def test_d_17_at_most_thirty_days(who, pack, says):
    for purpose in ("prescribe", "dispense"):
        assert levels("D-17", who, purpose, {"prescription.days": 31}, pack=pack) == says
        assert levels("D-17", who, purpose, {"prescription.days": 30}, pack=pack) == []


def test_d_17_the_exempt_are_limited_too():
    exempt = {"prescription.days": 31, "programme.exemption_documented": True}

    assert levels("D-17", WOMAN, "prescribe", exempt, pack=UK) == ["block"]


@pytest.mark.parametrize(
    ("days", "says"), [(0, ["hold"]), (1, []), (30, []), (31, ["hold"]), ("7.5", ["hold"])]
)
def test_d_18_days_are_a_whole_number_from_1_to_30(days, says):
    assert levels("D-18", MAN, "prescribe", {"prescription.days": days}) == says


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ([(60, 30)], []),
        ([(60, 31)], ["hold"]),
        ([], ["hold"]),
        ([(60, -1)], ["hold"]),
        ([(66, 1), (60, 20)], ["warn"]),
        ([("65.9", 1), (60, 20)], []),
        ([(54, 1), (60, 20)], ["warn"]),
        ([(60, 1), (50, 1), (60, 20)], ["warn"]),
    ],
)
def test_d_19_a_recent_weight_that_has_not_jumped(weights, says):
    listed = {"patient.weights": [{"kg": kg, "on": ago(days)} for kg, days in weights]}

    assert levels("D-19", MAN, "prescribe", listed) == says


def test_d_19_without_a_weight_the_other_dose_rules_are_silent():
    found = asked(MAN, "prescribe", {"patient.weights": []})

    assert {f.rule for f in found.findings if f.level == "hold"} == {"D-19"}
    assert missing("D-02", MAN, "prescribe", unset=["patient.weights"]) == {"patient.weights"}


def test_x_06_d_19_a_weight_of_tomorrow_does_not_count():
    patient = given(WOMAN, {"pregnancy_tests": [pregnancy_test(0)]})
    weights = [{"kg": 60, "on": ago(3)}, {"kg": 30, "on": ago(-1)}]

    assert levels("D-03", patient, "prescribe", {"patient.weights": weights}) == []
