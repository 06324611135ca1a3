"""R-, A- and K- rules: red flags, graded items and how the precautions were kept."""

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
    running,
)

FLAGS = [
    ("R-01", "bih", "urgent"),
    ("R-02", "mood", "urgent"),
    ("R-03", "pancreatitis", "urgent"),
    ("R-04", "sjs", "urgent"),
    ("R-05", "anaphylaxis", "urgent"),
    ("R-06", "rhabdo", "urgent"),
    ("R-07", "liver", "urgent"),
    ("R-08", "gut", "urgent"),
    ("R-09", "hearing", "stop"),
    ("R-10", "vision", "hold"),
    ("R-11", "fulminans", "urgent"),
    ("R-12", "pregnancy", "stop"),
]


@pytest.mark.parametrize(("rule", "flag", "level"), FLAGS)
@pytest.mark.parametrize("pack", [JP, US, UK, EU])
def test_r_01_to_r_12_and_k_01_every_red_flag_has_its_level(rule, flag, level, pack):
    found = asked(running(MAN), "checkin", {"checkin.red_flags": [flag]}, pack=pack)

    assert found.decision == level
    assert [f.level for f in found.of(rule)] == [level]
    assert [f.level for f in found.of("K-01")] == [level]


@pytest.mark.parametrize("rule", ["K-01", *(row[0] for row in FLAGS)])
def test_r_01_to_r_12_unasked_red_flags_hold(rule):
    assert missing(rule, running(MAN), "checkin", unset=["checkin.red_flags"]) == {
        "checkin.red_flags"
    }
    assert levels(rule, running(MAN), "checkin") == []


def test_r_02_item_9_of_the_newest_phq_counts_however_old():
    phq = {"phq": [{"on": ago(200), "phq9": 2, "item9": 1}]}

    assert levels("R-02", running(MAN), "checkin", phq) == ["urgent"]
    assert levels("K-01", running(MAN), "checkin", phq) == ["urgent"]


@pytest.mark.parametrize(("pack", "rule"), [(JP, "A-10"), (US, "A-11"), (UK, "A-12"), (EU, "A-13")])
def test_a_10_a_11_a_12_a_13_severe_flags_are_reported(pack, rule):
    def flag(code):
        return {"checkin.red_flags": [code]}

    assert levels(rule, running(MAN), "checkin", flag("hearing"), pack=pack) == ["counsel"]
    assert levels(rule, running(MAN), "checkin", flag("vision"), pack=pack) == []


@pytest.mark.parametrize(
    ("grade", "k_02", "k_05"), [(2, [], []), (3, [], ["hold"]), (4, ["urgent"], [])]
)
def test_k_02_k_05_single_items(grade, k_02, k_05):
    item = {"checkin.items.joints": grade}

    assert levels("K-02", running(MAN), "checkin", item) == k_02
    assert levels("K-05", running(MAN), "checkin", item) == k_05
    assert levels("K-01", running(MAN), "checkin", item) == []


def test_k_06_the_sum_of_the_items():
    fifteen = {f"checkin.items.{name}": 2 for name in ("lips", "skin", "eyes", "nose", "back")}
    fifteen |= {"checkin.items.hair": 2, "checkin.items.gut": 2, "checkin.items.sun": 1}

    assert levels("K-06", running(MAN), "checkin", fifteen) == []
    assert levels("K-06", running(MAN), "checkin", fifteen | {"checkin.items.sun": 2}) == ["hold"]


@pytest.mark.parametrize("rule", ["K-02", "K-05", "K-06"])
def test_k_02_k_05_k_06_need_all_twelve_items(rule):
    assert missing(rule, running(MAN), "checkin", unset=["checkin.items.gut"]) == {
        "checkin.items.gut"
    }
    assert "checkin.items" in missing(rule, running(MAN), "checkin", unset=["checkin.items"])


@pytest.mark.parametrize(
    ("score", "k_03", "k_04"),
    [(9, [], []), (10, [], ["hold"]), (14, [], ["hold"]), (15, ["urgent"], [])],
)
def test_k_03_k_04_phq9_bands(score, k_03, k_04):
    phq = {"phq": [{"on": ago(0), "phq9": score, "item9": 0}]}

    assert levels("K-03", running(MAN), "checkin", phq) == k_03
    assert levels("K-04", running(MAN), "checkin", phq) == k_04


@pytest.mark.parametrize(("days", "says"), [(7, []), (8, ["hold"])])
def test_k_08_the_phq_is_at_most_seven_days_old(days, says):
    assert levels("K-08", running(MAN), "checkin", {"phq": [{"on": ago(days), "phq2": 0}]}) == says
    assert levels("K-08", running(MAN), "checkin", {"phq": []}) == ["hold"]


def test_k_09_food_and_missed_doses_are_talked_about():
    fasting = {"checkin.adherence.with_food": False}

    assert levels("K-09", running(MAN), "checkin", fasting) == ["counsel"]
    assert (
        levels("K-09", running(MAN), "checkin", fasting | {"prescription.product": "lidose"}) == []
    )
    assert levels("K-09", running(MAN), "checkin", {"checkin.adherence.missed_doses": 1}) == [
        "counsel"
    ]
    assert levels("K-09", ended(MAN), "checkin", fasting) == []


def test_k_09_where_nothing_is_said_of_adherence_each_part_is_missed():
    unset = ["checkin.adherence"]

    assert missing("K-09", running(MAN), "checkin", unset=unset) == {
        "checkin.adherence.with_food",
        "checkin.adherence.missed_doses",
    }


def test_k_10_a_lapse_in_contraception_stops():
    lapse = {"checkin.adherence.contraception_kept": False}

    assert levels("K-10", running(WOMAN), "checkin", lapse) == ["stop"]
    assert levels("K-10", ended(WOMAN, 30), "checkin", lapse) == ["stop"]
    assert levels("K-10", ended(WOMAN, 31), "checkin", lapse) == []
    assert levels("K-10", running(MAN), "checkin", lapse) == []
