"""What is learned between two check-ins stops the drug that is approved and at the counter."""

import pytest

from tests.journeys.young_man import ANSWERS, Clinic, YoungMan

pytestmark = pytest.mark.django_db


@pytest.fixture
def taro():
    """On treatment; a third of the present prescription is still at the counter."""
    clinic = Clinic()
    clinic.opens_its_hours()
    clinic.stocks_the_medicine()
    taro = YoungMan(clinic)
    taro.is_ready_for_treatment()
    taro.rest = taro.takes_home(taro.is_prescribed(), 40)
    clinic.passes(days=2)
    return taro


def triglycerides(taro, value):
    staff, today = taro.clinic.staff, taro.clinic.now.date().isoformat()
    result = {"analyte": "triglycerides", "value": value, "unit": "mg/dL", "fasting": True}
    staff.makes("lab_results", {"patient": taro.id, "taken_on": today, **result})


def answers_anew(taro, **changes):
    draft = taro.api.makes("intake_responses", {"questionnaire": "acne_intake_2026_1"})
    saved = taro.api.does("intake_responses/save", draft, {"answers": {**ANSWERS, **changes}})
    taro.api.does("intake_responses/submit", saved)


def now(taro):
    physician = taro.clinic.physician
    (row,) = physician.all("prescriptions", patient=taro.id)
    course = physician.get(f"courses/{taro.course['id']}")
    return course["status"], course["halt_reason"], row["status"], row["void_reason"]


def told(taro):
    return {sent["template"] for sent in taro.api.all("notifications")}


def test_l_13_a_laboratory_result_halts_and_voids_before_anybody_asks_for_more(taro):
    triglycerides(taro, "820")

    taro.clinic.workers.settle()

    assert now(taro) == ("halted", "L-13", "voided", "course_halted")
    (task,) = taro.clinic.physician.all("tasks", patient=taro.id, priority="urgent")
    assert task["status"] == "open"
    assert "please_act" in told(taro)


def test_r_02_an_answer_in_a_questionnaire_halts_and_voids(taro):
    answers_anew(taro, phq_1="over_half", phq_9="several_days")

    taro.clinic.workers.settle()

    assert now(taro) == ("halted", "R-02", "voided", "course_halted")
    assert "please_act" in told(taro)


def test_a_counter_that_is_faster_than_the_workers_halts_and_voids_just_the_same(taro):
    triglycerides(taro, "820")
    handed_over = {"capsules": 20, "identity_checked": True}

    refused = taro.clinic.north.does("prescriptions/dispense", taro.rest, handed_over, status=409)
    taro.clinic.workers.settle()

    assert refused["code"] == "facts_changed"
    assert now(taro) == ("halted", "L-13", "voided", "facts_changed")
    assert len(taro.clinic.physician.all("tasks", patient=taro.id, priority="urgent")) == 1
    assert "please_act" in told(taro)


def test_a_result_that_may_wait_stops_nothing(taro):
    triglycerides(taro, "310")

    taro.clinic.workers.settle()

    assert now(taro) == ("running", None, "partially_dispensed", None)
