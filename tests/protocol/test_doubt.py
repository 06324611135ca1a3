"""Where facts are unknown, zero or double: a rule answers what is proven, and never breaks."""

import pytest

from tests.protocol.answers import answers
from tests.protocol.situations import (
    JP,
    MAN,
    US,
    ago,
    ended,
    lab,
    levels,
    missing,
    running,
)

MICRONISED = {"prescription.product": "micronised", "course.last_product": "micronised"}


def results(*labs):
    return {"labs": list(labs)}


def test_r_02_a_flag_stands_beside_an_unknown_phq():
    flagged = {"checkin.red_flags": ["mood"]}

    assert levels("R-02", running(MAN), "checkin", flagged, unset=["phq"]) == ["hold", "urgent"]
    assert missing("R-02", running(MAN), "checkin", flagged, unset=["phq"]) == {"phq"}


@pytest.mark.parametrize("unknown", ["prescription.product", "course.last_product"])
def test_d_06_an_unknown_product_holds_and_is_no_proof_of_a_switch(unknown):
    changes = MICRONISED | {unknown: None}

    assert levels("D-06", running(MAN), "prescribe", MICRONISED, pack=US) == []
    assert levels("D-06", running(MAN), "prescribe", changes, pack=US) == ["hold"]
    assert missing("D-06", running(MAN), "prescribe", changes, pack=US) == {unknown}


@pytest.mark.parametrize(("baseline", "says"), [(0, []), (1, ["counsel"])])
def test_d_09_from_the_first_lesion_on_a_fall_can_be_told(baseline, says):
    counts = {"course.lesions_baseline": baseline, "course.lesions_now": 0}

    assert levels("D-09", running(MAN), "prescribe", counts, pack=US) == says


def test_l_11_any_dose_after_a_pause_is_an_increase():
    pause = results(lab("triglycerides", 300)) | {"course.last_daily_mg": 0}

    assert answers("L-11", JP, running(MAN), "prescribe", pause) == "hold mg_per_dl=300"


def test_l_12_after_the_course_it_is_asked_at_a_checkin_only():
    high = results(lab("triglycerides", 600))

    assert levels("L-12", ended(MAN), "prescribe", high) == []
    assert levels("L-12", ended(MAN), "checkin", high) == ["hold"]


def test_l_17_is_confirmed_by_a_result_of_the_day_before():
    both = results(lab("alt", 130, 6), lab("alt", 125, 5))

    assert levels("L-17", running(MAN), "checkin", both) == ["stop"]


def test_l_17_one_unconfirmed_analyte_does_not_hide_the_other():
    each = results(lab("alt", 125), lab("ast", 130, 20), lab("ast", 125))

    assert levels("L-17", running(MAN), "checkin", each) == ["hold", "stop"]


def test_l_17_an_earlier_result_without_a_limit_is_named():
    unlimited = {"analyte": "alt", "value": 130, "unit": "U/L", "taken_on": ago(20)}
    labs = results(unlimited, lab("alt", 125))

    assert missing("L-17", running(MAN), "checkin", labs) == {"labs.uln"}
    assert levels("L-17", running(MAN), "checkin", labs) == ["hold", "hold"]


def test_j_17_an_unknown_route_holds_alone():
    late = {"prescription.issued_on": ago(9), "prescription.route": None}

    assert levels("J-17", MAN, "dispense", late) == ["hold"]
    assert missing("J-17", MAN, "dispense", late) == {"prescription.route"}


@pytest.mark.parametrize("unknown", ["plan.months", "plan.price_yen", "plan.no_refund_clause"])
def test_j_22_an_unknown_part_of_the_contract_holds_alone(unknown):
    contract = {"plan.aesthetic": True, "plan.no_refund_clause": True, unknown: None}

    assert levels("J-22", MAN, "intake", contract) == ["hold"]
    assert missing("J-22", MAN, "intake", contract) == {unknown}


def test_k_03_of_two_entries_on_one_day_a_known_item_9_counts_before_an_unknown_one():
    short, full = {"on": ago(1), "phq9": 20}, {"on": ago(1), "phq9": 12, "item9": 0}

    for phq in ([short, full], [full, short]):
        assert levels("K-03", running(MAN), "checkin", {"phq": phq}) == []
        assert levels("K-04", running(MAN), "checkin", {"phq": phq}) == ["hold"]


def test_c_19_intake_needs_a_full_phq_whatever_the_course():
    short = {"phq": [{"on": ago(0), "phq2": 0}]}

    assert missing("C-19", MAN, "intake", short) == {"phq.phq9", "phq.item9"}
    assert missing("C-19", running(MAN), "intake", short) == {"phq.phq9", "phq.item9"}
    assert missing("C-19", MAN, "intake", unset=["course.status"]) == set()
    assert levels("C-19", ended(MAN), "intake", {"phq": []}) == ["hold"]
