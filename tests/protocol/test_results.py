"""L- rules: which results are due, and what they mean. Edges on both sides."""

import pytest

from tests.protocol.situations import (
    EU,
    JP,
    MAN,
    UK,
    US,
    ended,
    given,
    lab,
    levels,
    missing,
    running,
)


def results(*labs):
    return {"labs": list(labs)}


@pytest.mark.parametrize(("taken_on", "says"), [("2026-05-15", []), ("2026-05-14", ["hold"])])
def test_l_01_alt_and_triglycerides_within_one_month_before_the_start(taken_on, says):
    labs = results(lab("alt", 20), {**lab("triglycerides", 90), "taken_on": taken_on})

    assert levels("L-01", MAN, "prescribe", labs) == says
    assert levels("L-01", MAN, "prescribe", labs, pack=US) == says


@pytest.mark.parametrize(
    ("days", "taken_days_ago", "says"),
    [(55, 300, []), (56, 14, []), (56, 15, ["hold"]), (90, 48, []), (90, 49, ["hold"])],
)
def test_l_01_from_day_56_results_of_the_peak_dose(days, taken_days_ago, says):
    labs = results(lab("alt", 20, taken_days_ago), lab("triglycerides", 90, taken_days_ago))

    for pack in (JP, US):
        assert levels("L-01", running(MAN, days), "prescribe", labs, pack=pack) == says


def test_l_01_is_not_asked_before_day_56():
    assert missing("L-01", running(MAN, 55), "prescribe", unset=["labs"]) == set()
    assert missing("L-01", running(MAN, 56), "prescribe", unset=["labs"]) == {"labs"}


@pytest.mark.parametrize(
    ("labs", "says"),
    [
        (results(lab("ast", 20), lab("triglycerides", 90, fasting=True)), []),
        (results(lab("ast", 20), lab("triglycerides", 90)), ["hold"]),
        (results(lab("triglycerides", 90, fasting=True)), ["hold"]),
        (results(lab("alt", 20, 32), lab("triglycerides", 90, fasting=True)), ["hold"]),
    ],
)
def test_l_02_liver_and_fasting_lipids_before_the_start(labs, says):
    assert levels("L-02", MAN, "prescribe", labs, pack=UK) == says
    assert levels("L-02", MAN, "prescribe", labs, pack=JP) == []


@pytest.mark.parametrize(
    ("days", "taken_days_ago", "says"),
    [(27, 300, []), (28, 7, []), (28, 8, ["hold"]), (150, 92, []), (150, 93, ["hold"])],
)
def test_l_02_at_one_month_then_every_three(days, taken_days_ago, says):
    # 15 March to 15 June is 92 days.
    labs = results(
        lab("alt", 20, taken_days_ago), lab("triglycerides", 90, taken_days_ago, fasting=True)
    )

    assert levels("L-02", running(MAN, days), "prescribe", labs, pack=EU) == says


@pytest.mark.parametrize("risk", ["diabetes", "liver_disease"])
def test_l_05_with_a_risk_results_are_monthly(risk):
    has = {"patient.conditions": [risk]}
    old = results(lab("alt", 20, 32), lab("triglycerides", 90, 3))

    assert levels("L-05", running(MAN), "prescribe", has | old) == ["hold"]
    assert levels("L-05", running(MAN), "prescribe", has) == []
    assert levels("L-05", running(MAN), "prescribe", old) == []


@pytest.mark.parametrize(
    ("value", "unit", "rules"),
    [
        (149, "mg/dL", set()),
        (150, "mg/dL", {"L-10"}),
        (299, "mg/dL", {"L-10"}),
        (300, "mg/dL", {"L-11"}),
        ("499.9", "mg/dL", {"L-11"}),
        (500, "mg/dL", {"L-12"}),
        ("5.64", "mmol/L", {"L-11"}),
        ("5.65", "mmol/L", {"L-12"}),
        (799, "mg/dL", {"L-12"}),
        (800, "mg/dL", {"L-13"}),
        ("8.99", "mmol/L", {"L-12"}),
        ("9.0", "mmol/L", {"L-13"}),
        (999, "mg/dL", {"L-13"}),
        (1000, "mg/dL", {"L-13", "L-14"}),
    ],
)
def test_l_10_l_11_l_12_l_13_l_14_triglycerides(value, unit, rules):
    labs = results(lab("triglycerides", value, unit=unit))
    expected = {"L-10": "counsel", "L-11": "warn", "L-12": "hold", "L-13": "stop", "L-14": "urgent"}

    for rule, level in expected.items():
        says = [level] if rule in rules else []
        assert levels(rule, running(MAN), "checkin", labs) == says


def test_l_11_no_increase_while_triglycerides_are_raised():
    labs = results(lab("triglycerides", 300))

    assert levels("L-11", running(MAN), "prescribe", labs | {"prescription.daily_mg": 40}) == [
        "hold"
    ]
    assert levels("L-11", running(MAN), "prescribe", labs) == ["warn"]


@pytest.mark.parametrize(("last_mg", "says"), [(0, "hold"), ("29.9", "hold"), (30, "warn")])
def test_l_11_any_dose_after_a_pause_is_an_increase(last_mg, says):
    labs = results(lab("triglycerides", 300)) | {"course.last_daily_mg": last_mg}

    assert levels("L-11", running(MAN), "prescribe", labs) == [says]


def test_l_12_a_halved_dose_goes_to_a_senior():
    labs = results(lab("triglycerides", 600))
    patient = given(running(MAN), {"course.last_daily_mg": 40})

    assert levels("L-12", patient, "prescribe", labs | {"prescription.daily_mg": 20}) == ["senior"]
    assert levels("L-12", patient, "prescribe", labs | {"prescription.daily_mg": "20.1"}) == [
        "hold"
    ]
    assert levels("L-12", MAN, "prescribe", labs) == []


def test_l_13_abdominal_pain_makes_it_urgent():
    labs = results(lab("triglycerides", 800))

    assert levels(
        "L-13", running(MAN), "checkin", labs | {"checkin.symptoms": ["abdominal_pain"]}
    ) == ["urgent"]
    assert levels(
        "L-13", running(MAN), "checkin", labs | {"checkin.red_flags": ["pancreatitis"]}
    ) == ["urgent"]
    assert missing("L-13", running(MAN), "checkin", labs, unset=["checkin.symptoms"]) == {
        "checkin.symptoms"
    }
    assert levels("L-13", MAN, "prescribe", labs) == ["stop"]


def test_l_13_of_two_results_on_one_day_the_higher_counts():
    labs = results(
        lab("triglycerides", 800), lab("triglycerides", 100), lab("triglycerides", 1200, 20)
    )

    assert levels("L-13", running(MAN), "checkin", labs) == ["stop"]
    assert levels("L-14", running(MAN), "checkin", labs) == []


@pytest.mark.parametrize(
    ("value", "l_16", "l_17"),
    [(80, [], []), (81, ["hold"], []), (120, ["hold"], []), (121, [], ["hold"])],
)
def test_l_16_l_17_liver_enzymes_as_multiples_of_the_limit(value, l_16, l_17):
    for analyte in ("alt", "ast"):
        labs = results(lab(analyte, value))
        assert levels("L-16", running(MAN), "checkin", labs) == l_16
        assert levels("L-17", running(MAN), "checkin", labs) == l_17


def test_l_16_a_reduced_dose_warns_only():
    labs = results(lab("alt", 96))

    assert levels("L-16", running(MAN), "prescribe", labs | {"prescription.daily_mg": 20}) == [
        "warn"
    ]
    assert levels("L-16", running(MAN), "prescribe", labs) == ["hold"]
    assert levels("L-16", MAN, "prescribe", labs | {"prescription.daily_mg": 20}) == ["hold"]


@pytest.mark.parametrize(
    ("earlier_days", "symptoms", "says"),
    [
        (33, [], ["stop"]),
        (33, ["dark_urine"], ["urgent"]),
        (34, [], ["hold"]),
        (5, ["jaundice"], ["hold"]),
        (None, [], ["hold"]),
    ],
)
def test_l_17_is_confirmed_by_an_earlier_result_within_28_days(earlier_days, symptoms, says):
    earlier = [] if earlier_days is None else [lab("alt", 130, earlier_days)]
    changes = {"labs": [*earlier, lab("alt", 125, 5)], "checkin.symptoms": symptoms}

    assert levels("L-17", running(MAN), "checkin", changes) == says


def test_l_17_exactly_three_times_confirms_nothing():
    labs = results(lab("alt", 120, 10), lab("alt", 125, 5))

    assert levels("L-17", running(MAN), "checkin", labs) == ["hold"]


def test_l_16_l_17_each_analyte_is_judged_by_itself():
    labs = results(lab("alt", 96), lab("ast", 125))

    assert levels("L-16", running(MAN), "checkin", labs) == ["hold"]
    assert levels("L-17", running(MAN), "checkin", labs) == ["hold"]


def bilirubin(value):
    return lab("bilirubin", value, uln=1)


@pytest.mark.parametrize(
    ("alt", "value", "symptoms", "says"),
    [
        (41, "2.1", [], ["stop"]),
        (41, "2.0", [], []),
        (40, "2.1", ["jaundice"], []),
        (41, "0.5", ["jaundice"], ["urgent"]),
        (41, "2.1", ["abdominal_pain"], ["urgent"]),
        (41, "0.5", ["abdominal_pain"], []),
    ],
)
def test_l_18_raised_enzymes_with_jaundice_or_bilirubin(alt, value, symptoms, says):
    changes = {"labs": [lab("alt", alt), bilirubin(value)], "checkin.symptoms": symptoms}

    assert levels("L-18", running(MAN), "checkin", changes) == says


@pytest.mark.parametrize(
    ("value", "unit", "says"),
    [
        (299, "mg/dL", []),
        (300, "mg/dL", ["warn"]),
        ("7.75", "mmol/L", []),
        ("7.76", "mmol/L", ["warn"]),
    ],
)
def test_l_19_cholesterol(value, unit, says):
    assert (
        levels("L-19", running(MAN), "checkin", results(lab("total_cholesterol", value, unit=unit)))
        == says
    )


@pytest.mark.parametrize(
    ("value", "symptoms", "says"),
    [
        (200, ["dark_urine"], []),
        (201, [], ["hold"]),
        (400, [], ["hold"]),
        (401, [], ["urgent"]),
        (201, ["dark_urine"], ["urgent"]),
    ],
)
def test_l_20_ck(value, symptoms, says):
    changes = {"labs": [lab("ck", value)], "checkin.symptoms": symptoms}

    assert levels("L-20", running(MAN), "checkin", changes) == says


@pytest.mark.parametrize(("value", "says"), [("0.99", ["stop"]), ("1.0", [])])
def test_l_21_neutrophils(value, says):
    labs = results(lab("anc", value), lab("anc", 4))

    assert levels("L-21", running(MAN), "checkin", labs) == says


def test_l_16_l_20_an_unknown_upper_limit_holds():
    alt = {key: value for key, value in lab("alt", 20).items() if key != "uln"}
    ck = {key: value for key, value in lab("ck", 20).items() if key != "uln"}

    assert missing("L-16", running(MAN), "checkin", results(alt)) == {"labs.uln"}
    assert missing("L-18", running(MAN), "checkin", results(alt)) == {"labs.uln"}
    assert missing("L-20", running(MAN), "checkin", results(ck)) == {"labs.uln"}
    assert missing("L-20", running(MAN), "checkin", results(alt)) == set()


def test_x_06_l_13_a_result_of_tomorrow_does_not_count():
    labs = results(lab("triglycerides", 90, 3), lab("triglycerides", 900, -1))

    assert levels("L-13", ended(MAN), "checkin", labs) == []
