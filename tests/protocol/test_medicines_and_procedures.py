"""C-10 to C-17, C-22 to C-25: what else is taken, what is done to eyes and skin."""

import pytest

from tests.protocol.situations import (
    JP,
    MAN,
    UK,
    US,
    WOMAN,
    ago,
    ended,
    levels,
    missing,
    running,
)


def taking(code, stopped_days_ago=None):
    stopped = {} if stopped_days_ago is None else {"stopped_on": ago(stopped_days_ago)}
    return {"patient.medicines": [{"code": code} | stopped]}


@pytest.mark.parametrize(
    ("rule", "code", "says"),
    [
        ("C-10", "vitamin_a", ["hold"]),
        ("C-12", "acitretin", ["block"]),
        ("C-13", "methotrexate", ["senior"]),
        ("C-14", "systemic_steroid", ["warn"]),
        ("C-14", "phenytoin", ["warn"]),
        ("C-15", "phenytoin", ["warn"]),
        ("C-16", "warfarin", ["warn"]),
        ("C-17", "topical_retinoid", ["counsel"]),
    ],
)
def test_c_10_c_12_c_13_c_14_c_16_c_17_only_while_still_taken(rule, code, says):
    assert levels(rule, MAN, "intake", taking(code)) == says
    assert levels(rule, MAN, "intake", taking(code, -1)) == says
    assert levels(rule, MAN, "intake", taking(code, 60)) == []
    assert levels(rule, MAN, "intake", taking("other")) == []


@pytest.mark.parametrize(("condition", "says"), [("alcohol_excess", ["counsel"]), ("obesity", [])])
def test_c_17_alcohol_excess_is_counselled(condition, says):
    assert levels("C-17", MAN, "intake", {"patient.conditions": [condition]}) == says


@pytest.mark.parametrize(("pack", "says"), [(JP, ["block"]), (US, ["hold"]), (UK, ["block"])])
def test_c_11_a_tetracycline_still_taken(pack, says):
    assert levels("C-11", MAN, "intake", taking("doxycycline"), pack=pack) == says


@pytest.mark.parametrize(("days", "says"), [(0, ["hold"]), (6, ["hold"]), (7, [])])
def test_c_11_a_tetracycline_just_stopped_holds_for_seven_days(days, says):
    assert levels("C-11", MAN, "intake", taking("minocycline", days)) == says


@pytest.mark.parametrize(("days", "says"), [(27, ["warn"]), (28, [])])
def test_c_15_an_inducer_counts_for_28_days(days, says):
    assert levels("C-15", MAN, "intake", taking("rifampicin", days)) == says


@pytest.mark.parametrize(
    ("methods", "says"),
    [
        (["combined_pill", "male_condom"], ["hold"]),
        (["implant"], ["hold"]),
        (["implant", "iud_copper"], ["warn"]),
        (["injection", "male_condom"], ["warn"]),
    ],
)
def test_c_15_holds_when_contraception_rests_on_a_weakened_hormone(methods, says):
    listed = [{"code": code, "since": ago(3)} for code in methods]
    changes = taking("carbamazepine") | {"contraception.methods": listed}

    assert levels("C-15", WOMAN, "prescribe", changes) == says
    assert levels("C-15", WOMAN, "intake", changes) == ["warn"]


def test_c_15_abstinence_or_an_exemption_meets_the_rule():
    changes = taking("carbamazepine") | {"contraception.methods": [{"code": "implant"}]}
    exempt = changes | {"programme.exemption_documented": True}

    assert levels("C-15", WOMAN, "prescribe", changes | {"contraception.abstinence": True}) == [
        "warn"
    ]
    assert levels("C-15", WOMAN, "prescribe", exempt, pack=UK) == ["warn"]
    assert levels("C-15", WOMAN, "prescribe", changes, pack=UK) == ["hold"]


@pytest.mark.parametrize(
    ("days_ago", "says"),
    [
        (182, []),  # 15 December: six months end on 15 June
        (181, ["block"]),
        (-182, ["block"]),  # 14 December: six months before is 14 June
        (-183, []),
    ],
)
def test_c_22_no_dosing_within_six_months_of_eye_surgery(days_ago, says):
    surgery = {"patient.procedures": [{"kind": "lasik", "on": ago(days_ago)}]}

    assert levels("C-22", MAN, "intake", surgery) == says
    assert levels("C-22", MAN, "intake", surgery, pack=US) == ["senior"] * len(says)


def test_c_22_at_prescribe_the_whole_supply_counts():
    booked = {"patient.procedures": [{"kind": "lasik", "on": "2027-01-12"}]}  # free until 12 July

    assert levels("C-22", MAN, "prescribe", booked | {"prescription.days": 28}) == []
    assert levels("C-22", MAN, "prescribe", booked | {"prescription.days": 29}) == ["block"]
    assert levels("C-22", MAN, "prescribe", booked | {"prescription.days": "28.5"}) == ["block"]


@pytest.mark.parametrize(
    ("rule", "kind", "jp", "us"),
    [("C-24", "waxing", "warn", "warn"), ("C-25", "vascular_laser", "senior", "counsel")],
)
def test_c_24_c_25_procedures_during_and_six_months_after(rule, kind, jp, us):
    def at(day):
        return {"patient.procedures": [{"kind": kind, "on": day}]}

    assert levels(rule, MAN, "intake", at(ago(0))) == [jp]
    assert levels(rule, MAN, "intake", at(ago(1))) == []
    assert levels(rule, running(MAN, 40), "checkin", at(ago(40))) == [jp]
    assert levels(rule, running(MAN, 40), "checkin", at(ago(41))) == []
    assert levels(rule, ended(MAN, 10), "checkin", at("2026-12-04"), pack=US) == [us]
    assert levels(rule, ended(MAN, 10), "checkin", at("2026-12-05"), pack=US) == []


def test_c_24_needs_the_phase_and_the_days_only_if_something_is_listed():
    waxing = {"patient.procedures": [{"kind": "waxing", "on": ago(0)}]}
    patient = running(MAN)

    assert missing("C-24", patient, "checkin", unset=["course.started_on"]) == set()
    assert missing("C-24", patient, "checkin", waxing, unset=["course.started_on"]) == {
        "course.started_on"
    }
    assert missing("C-24", patient, "checkin", unset=["course.status"]) == {"course.status"}
    assert missing("C-24", ended(MAN), "checkin", waxing, unset=["course.ended_on"]) == {
        "course.ended_on"
    }
    assert levels("C-24", ended(MAN), "checkin", waxing, unset=["course.ended_on"]) == ["hold"]


def test_c_23_no_blood_during_and_one_month_after():
    wish = {"checkin.wants_blood_donation": True}

    assert levels("C-23", running(MAN), "checkin", wish) == ["counsel"]
    assert levels("C-23", ended(MAN, 30), "checkin", wish) == ["counsel"]
    assert levels("C-23", ended(MAN, 31), "checkin", wish) == []
    assert levels("C-23", running(MAN), "checkin") == []
