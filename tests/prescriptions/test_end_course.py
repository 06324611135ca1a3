"""Ending a course, and giving one up."""

import pytest

from backend.outbox.models import OutboxEvent
from tests.factories.prescriptions import CourseFactory, PrescriptionFactory
from tests.prescriptions.people import do_course, physician_for

pytestmark = pytest.mark.django_db


def end(course, ended_on="2026-03-10"):
    body = {"ended_on": ended_on, "reason": "completed"}
    return do_course(course, "end", body, by=physician_for(course))


def test_a_running_course_ends_on_the_day_of_the_last_dose():
    course = CourseFactory(running=True)
    PrescriptionFactory(course=course, dispensed=True)

    answer = end(course, "2026-03-09")

    assert answer.status_code == 200, answer.content
    assert (answer.json()["status"], answer.json()["ended_on"]) == ("ended", "2026-03-09")
    assert answer.json()["dispensed_mg"] == "600.0"
    event = OutboxEvent.objects.get()
    assert event.type == "prescriptions.course.ended"
    assert event.payload["reason"] == "completed"


@pytest.mark.parametrize(
    ("ended_on", "status"),
    [
        pytest.param("2026-01-05", 422, id="the day before the first dose"),
        pytest.param("2026-01-06", 200, id="the day of the first dose"),
        pytest.param("2026-03-10", 200, id="today where the patient lives"),
        pytest.param("2026-03-11", 422, id="tomorrow"),
    ],
)
def test_the_last_day_lies_between_the_first_dose_and_today(ended_on, status):
    assert end(CourseFactory(running=True), ended_on).status_code == status


def test_what_is_open_when_a_course_ends_is_void():
    course = CourseFactory(running=True)
    waiting = PrescriptionFactory(course=course, approved=True)

    end(course)

    waiting.refresh_from_db()
    assert (waiting.status, waiting.void_reason) == ("voided", "course_ended")


def test_a_course_that_never_started_is_cancelled_not_ended():
    planned = CourseFactory()
    halted = CourseFactory(halted=True, started_on=None)

    assert end(planned).json()["code"] == "not_allowed_from_here"
    assert end(halted).json()["code"] == "course_never_started"
    assert do_course(planned, "cancel", by=physician_for(planned)).status_code == 200
    assert do_course(halted, "cancel", by=physician_for(halted)).status_code == 200


def test_a_cancelled_course_voids_its_draft_and_frees_the_patient():
    course = CourseFactory()
    draft = PrescriptionFactory(course=course)

    answer = do_course(course, "cancel", by=physician_for(course))

    assert answer.json()["status"] == "cancelled"
    draft.refresh_from_db()
    assert (draft.status, draft.void_reason) == ("voided", "course_cancelled")
    CourseFactory(patient=course.patient)  # one open course per patient: this one may be


def test_a_course_that_was_started_is_not_cancelled():
    course = CourseFactory(halted=True)

    answer = do_course(course, "cancel", by=physician_for(course))

    assert (answer.status_code, answer.json()["code"]) == (409, "course_was_started")


def test_an_ended_course_stays_ended():
    course = CourseFactory(ended=True)

    assert end(course).json()["code"] == "not_allowed_from_here"
