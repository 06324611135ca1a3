"""T-, J- and W- rules: the course, the Japanese legal frame, the pharmacy."""

import pytest

from tests.protocol.situations import (
    EU,
    JP,
    MAN,
    SECOND_COURSE,
    UK,
    US,
    US_2026,
    WOMAN,
    ago,
    asked,
    ended,
    given,
    levels,
    missing,
    running,
)


@pytest.mark.parametrize(
    ("days", "now", "says"), [(84, 701, ["senior"]), (84, 700, []), (83, 1000, [])]
)
def test_t_11_a_weak_response_after_twelve_weeks(days, now, says):
    counts = {"course.lesions_baseline": 1000, "course.lesions_now": now}

    assert levels("T-11", running(MAN, days), "prescribe", counts) == says


def test_t_11_lesion_counts_are_needed_from_day_84_only():
    unset = ["course.lesions_now"]

    assert missing("T-11", running(MAN, 83), "prescribe", unset=unset) == set()
    assert missing("T-11", running(MAN, 84), "prescribe", unset=unset) == {"course.lesions_now"}
    assert levels("T-11", running(MAN, 84), "prescribe", {"course.lesions_baseline": 0}) == []


@pytest.mark.parametrize(
    ("pack", "ended_on", "says"),
    [
        (JP, ago(56), []),
        (JP, ago(55), ["block"]),
        (UK, ago(56), []),
        (UK, ago(55), ["block"]),
        (US, "2026-04-15", []),
        (US, "2026-04-16", ["block"]),
    ],
)
def test_t_20_time_off_before_a_second_course(pack, ended_on, says):
    changes = {"course.previous.ended_on": ended_on}

    assert levels("T-20", SECOND_COURSE, "second_course", changes, pack=pack) == says
    second = given(MAN, {"course.number": 2, "course.previous": {"ended_on": ended_on}})
    assert levels("T-20", second, "prescribe", pack=pack) == says


def test_t_20_at_prescribe_only_from_the_second_course():
    assert missing("T-20", MAN, "prescribe") == set()
    assert missing("T-20", MAN, "prescribe", {"course.number": 2}) == {"course.previous.ended_on"}


@pytest.mark.parametrize(
    ("iga", "scarring", "says"),
    [(3, False, []), (2, True, []), (2, False, ["block"])],
)
def test_t_21_a_mild_relapse_gets_topicals(iga, scarring, says):
    changes = {"course.iga": iga, "course.scarring": scarring}

    assert levels("T-21", SECOND_COURSE, "second_course", changes) == says


@pytest.mark.parametrize(("per_kg", "says"), [("119.9", ["counsel"]), (120, ["warn"])])
def test_t_22_the_dose_of_the_first_course(per_kg, says):
    changes = {"course.previous.dispensed_mg_per_kg": per_kg}

    assert levels("T-22", SECOND_COURSE, "second_course", changes) == says


def test_t_23_a_second_course_is_a_fresh_start():
    assert levels("T-23", SECOND_COURSE, "second_course") == ["counsel"]


def test_t_24_a_third_course_goes_to_a_senior():
    assert levels("T-24", SECOND_COURSE, "second_course", {"course.number": 3}) == ["senior"]
    assert levels("T-24", SECOND_COURSE, "second_course") == []
    assert levels("T-24", MAN, "prescribe", {"course.number": 3}) == ["senior"]
    assert levels("T-24", running(MAN), "prescribe", {"course.number": 3}) == []


def test_t_25_an_ended_course_is_not_prescribed_or_dispensed():
    assert levels("T-25", ended(MAN), "prescribe") == ["block"]
    assert levels("T-25", ended(MAN), "dispense") == ["block"]
    assert levels("T-25", running(MAN), "dispense") == []


# ------------------------------------------------------------------------------------ law


@pytest.mark.parametrize("mode", ["phone", "chat", "photo"])
def test_j_04_only_video_or_in_person(mode):
    assert levels("J-04", MAN, "prescribe", {"visit.mode": mode}) == ["block"]
    assert levels("J-04", MAN, "prescribe", {"visit.mode": mode}, pack=UK) == ["hold"]
    assert levels("J-04", MAN, "prescribe", {"visit.mode": "in_person"}) == []


@pytest.mark.parametrize(("seconds", "says"), [(179, ["hold"]), (180, [])])
def test_j_04_a_japanese_video_lasts_three_minutes(seconds, says):
    assert levels("J-04", MAN, "prescribe", {"visit.video_seconds": seconds}) == says
    assert levels("J-04", MAN, "prescribe", {"visit.video_seconds": seconds}, pack=EU) == []


def test_j_04_an_unknown_mode_holds_alone():
    found = asked(MAN, "prescribe", {"visit.care_plan_agreed": None}, unset=["visit.mode"])

    assert [f.rule for f in found.findings if f.level == "hold"] == ["J-04"]


@pytest.mark.parametrize(
    ("history", "days", "j_06", "j_07"),
    [
        ("none", 7, ["warn"], []),
        ("none", 8, ["warn"], ["hold"]),
        ("records", 28, [], []),
        ("pre_consultation", 28, [], []),
    ],
)
def test_j_06_j_07_a_first_video_visit_without_history(history, days, j_06, j_07):
    first = {"visit.kind": "first", "visit.history": history, "prescription.days": days}

    assert levels("J-06", MAN, "prescribe", first) == j_06
    assert levels("J-07", MAN, "prescribe", first) == j_07
    assert levels("J-07", MAN, "prescribe", first | {"visit.mode": "in_person"}) == []


@pytest.mark.parametrize(("days", "says"), [(6, []), (7, ["hold"])])
def test_j_08_the_day_seven_checkin(days, says):
    undone = {"course.day7_checkin_done": False}

    assert levels("J-08", running(MAN, days), "prescribe", undone) == says


@pytest.mark.parametrize(
    ("rule", "path", "in_person"),
    [
        ("J-09", "visit.care_plan_agreed", []),
        ("J-11", "visit.identity_verified", ["hold"]),
        ("J-12", "visit.privacy_confirmed", []),
        ("J-13", "visit.hospital_arranged", ["hold"]),
        ("J-14", "prescriber.online_training_done", []),
    ],
)
def test_j_09_j_11_j_12_j_13_j_14_what_a_video_visit_needs(rule, path, in_person):
    assert levels(rule, MAN, "prescribe", {path: False}) == ["hold"]
    assert levels(rule, MAN, "prescribe", {path: False, "visit.mode": "in_person"}) == in_person
    assert levels(rule, MAN, "prescribe") == []
    assert missing(rule, MAN, "prescribe", {path: None}) == {path}


@pytest.mark.parametrize(("rule", "consent"), [("J-10", "online_care"), ("J-25", "personal_data")])
def test_j_10_j_25_consents(rule, consent):
    others = [other for other in MAN["visit"]["consents"] if other != consent]

    assert levels(rule, MAN, "prescribe", {"visit.consents": others}) == ["hold"]
    assert levels(rule, MAN, "prescribe", {"visit.consents": [consent]}) == []


@pytest.mark.parametrize(("days", "says"), [(3, []), (4, ["hold"])])
def test_j_17_a_prescription_for_a_pharmacy_is_valid_for_four_days(days, says):
    pharmacy = {"prescription.issued_on": ago(days), "prescription.route": "pharmacy"}

    assert levels("J-17", MAN, "dispense", pharmacy) == says
    assert levels("J-17", MAN, "dispense", {"prescription.issued_on": ago(days)}) == []


@pytest.mark.parametrize(
    ("route", "needs"),
    [
        ("in_house", set()),
        ("pharmacy", {"prescription.issued_on"}),
        (None, {"prescription.route", "prescription.issued_on"}),
    ],
)
def test_j_17_needs_nothing_of_what_is_handed_over_in_house(route, needs):
    undated = {"prescription.issued_on": None, "prescription.route": route}

    assert missing("J-17", MAN, "dispense", undated) == needs


@pytest.mark.parametrize(
    ("importer", "route", "jp", "us"),
    [
        ("none", "pharmacy", ["warn"], []),
        ("dr_mori", "in_house", [], ["block"]),
        ("dr_mori", "pharmacy", ["block"], ["block"]),
        ("dr_sato", "in_house", ["block"], ["block"]),
    ],
)
def test_j_20_an_imported_lot_is_for_its_importer_in_house(importer, route, jp, us):
    lot = {"prescription.lot_importer": importer, "prescription.route": route}

    for purpose in ("prescribe", "dispense"):
        assert levels("J-20", MAN, purpose, lot) == jp
        assert levels("J-20", MAN, purpose, lot, pack=US) == us


def test_j_21_all_eight_disclosures():
    seven = MAN["visit"]["disclosures"][:7]

    assert levels("J-21", MAN, "prescribe", {"visit.disclosures": seven}) == ["hold"]
    assert levels("J-21", MAN, "prescribe") == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, ["hold"]),
        ({"plan.months": 1}, []),
        ({"plan.price_yen": 50000}, []),
        ({"plan.no_refund_clause": False}, []),
        ({"plan.aesthetic": False}, []),
        ({"plan.months": "1.5", "plan.price_yen": 50001}, ["hold"]),
    ],
)
def test_j_22_no_refund_in_a_long_aesthetic_contract(changes, says):
    plan = {"plan.aesthetic": True, "plan.no_refund_clause": True}

    assert levels("J-22", MAN, "intake", plan | changes) == says


# ----------------------------------------------------------------------------- dispensing


@pytest.mark.parametrize(("days", "says"), [(29, []), (30, ["hold"])])
def test_w_02_hand_over_within_thirty_days_of_the_visit(days, says):
    visit = {"visit.on": ago(days)}

    assert levels("W-02", MAN, "dispense", visit) == says
    assert levels("W-02", MAN, "dispense", visit, pack=US_2026) == []
    assert levels("W-02", WOMAN, "dispense", visit) == []
    exempt = visit | {"programme.exemption_documented": True}
    assert levels("W-02", WOMAN, "dispense", exempt, pack=UK) == says


def test_w_04_the_receiver_is_identified_at_the_hand_over():
    unknown = {"dispense.identity_checked": False}

    assert levels("W-04", MAN, "dispense", unknown) == ["hold"]
    assert levels("W-04", MAN, "dispense", unknown | {"dispense.step": "claim"}) == []
    assert missing("W-04", MAN, "dispense", unset=["dispense.step"]) == {"dispense.step"}


@pytest.mark.parametrize(("supplied", "says"), [(27, ["warn"]), (28, []), (29, ["block"])])
def test_w_05_not_more_than_prescribed(supplied, says):
    assert levels("W-05", MAN, "dispense", {"dispense.days_supplied": supplied}) == says
    claim = {"dispense.days_supplied": supplied, "dispense.step": "claim"}
    assert levels("W-05", MAN, "dispense", claim) == []


def test_w_06_w_07_once_only_and_never_when_void():
    assert levels("W-06", MAN, "dispense", {"dispense.already_dispensed": True}) == ["block"]
    assert levels("W-07", MAN, "dispense", {"prescription.voided": True}) == ["block"]
    assert levels("W-06", MAN, "dispense") == []
    assert levels("W-07", MAN, "dispense") == []


@pytest.mark.parametrize(("days", "says"), [(0, []), (-1, ["hold"])])
def test_w_10_a_prescription_of_tomorrow_holds(days, says):
    assert levels("W-10", MAN, "dispense", {"prescription.issued_on": ago(days)}) == says
