"""What the API takes as an answer, and what a patient reports unasked."""

from datetime import timedelta

import pytest
import time_machine

from backend.clock import civil_day
from backend.prescriptions.models import Course
from backend.worklist.models import Task
from tests.callers import Caller
from tests.factories.followups import CheckInFactory, answers, make_followed
from tests.followups.test_answer import ANSWERED_AT, give, reloaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _that_morning():
    with time_machine.travel(ANSWERED_AT, tick=False):
        yield


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"items": {"lips": 5}}, "/items/lips"),
        ({"items": {"lips": True}}, "/items/lips"),
        ({"items": {"toes": 1}}, "/items/toes"),
        ({"red_flags": ["headache"]}, "/red_flags/0"),
        ({"phq2": 7}, "/phq2"),
        ({"phq9": 28}, "/phq9"),
        ({"adherence": {"missed_doses": -1}}, "/adherence/missed_doses"),
        ({"last_period_on": "2026-02-30"}, "/last_period_on"),
        ({"mood": "fine"}, "/mood"),
    ],
)
def test_a_malformed_answer_says_where(changes, pointer):
    asked = make_followed()

    reply = give(asked, answers(**changes))

    assert reply.status_code == 400
    assert [error["pointer"] for error in reply.json()["errors"]] == [pointer]
    assert reloaded(asked).status == "open"


@pytest.mark.parametrize(("days", "status"), [(0, 200), (1, 422)])
def test_a_period_has_begun_by_today_where_she_lives(days, status):
    asked = make_followed()
    day = civil_day(ANSWERED_AT, asked.patient.zone) + timedelta(days=days)

    reply = give(asked, answers(last_period_on=str(day)))

    assert reply.status_code == status
    if status == 422:
        (error,) = reply.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/last_period_on", "date_in_future")
        assert reloaded(asked).status == "open"


def test_all_twelve_items_are_asked_for():
    asked = make_followed()
    body = answers()
    del body["items"]["sun"]

    assert give(asked, body).status_code == 400


# Reporting unasked.


def report(patient, body, **more):
    return Caller(patient).post("/v1/check_ins", body, **more)


def test_an_unasked_report_is_answered_at_once_and_acted_on():
    patient = make_followed().patient

    reply = report(patient, {"red_flags": ["bih"], "symptoms": ["vomiting"]})

    shown = reply.json()
    assert (reply.status_code, shown["kind"], shown["status"]) == (201, "unscheduled", "answered")
    assert reply["Location"] == f"/v1/check_ins/{shown['id']}"
    assert shown["advice"][0]["code"] == "emergency_today"
    assert Course.objects.get().status == "halted"
    assert Task.objects.get().about_ref == shown["id"]


def test_the_same_report_again_within_a_quarter_of_an_hour_is_the_same_one():
    patient = make_followed().patient

    first = report(patient, {"red_flags": ["bih"]})
    again = report(patient, {"red_flags": ["bih"]})
    with time_machine.travel(ANSWERED_AT + timedelta(minutes=15), tick=False):
        later = report(patient, {"red_flags": ["bih"]})

    assert first.json()["id"] == again.json()["id"] != later.json()["id"]
    assert Task.objects.count() == 2


def test_without_a_course_the_clinics_telephone_is_the_way():
    asked = make_followed()
    stranger = CheckInFactory().patient
    Course.objects.filter(patient=stranger).update(status="cancelled", started_on=None)

    reply = report(stranger, {"red_flags": ["bih"]})

    assert (reply.status_code, reply.json()["code"]) == (422, "no_course")
    assert "03-0000-0000" in reply.json()["detail"]
    assert reloaded(asked).status == "open"


def test_only_patients_report():
    staff = Caller(make_followed().course.created_by.staff_member)

    assert staff.post("/v1/check_ins", {"red_flags": []}).status_code == 403
