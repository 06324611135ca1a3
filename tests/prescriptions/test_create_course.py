"""Planning a course."""

import pytest

from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import Course
from backend.prescriptions.steps.allow_next_course import allow_next_course
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    PatientFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.factories.care import physician_of
from tests.factories.prescriptions import NOW, CourseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    return PatientFactory(on_clock=True)


def plan(patient, by=None, **more):
    by = by or physician_of(patient)
    return Caller(by).post("/v1/courses", {"patient": patient.ref, **more})


def test_the_first_course_has_number_one_and_is_announced(patient):
    answer = plan(patient, indication="acne")

    assert answer.status_code == 201, answer.content
    assert (answer.json()["number"], answer.json()["status"]) == (1, "not_started")
    assert answer.json()["available_actions"] == ["halt", "cancel"]
    course = Course.objects.get()
    assert course.created_at == NOW
    event = OutboxEvent.objects.get()
    assert event.type == "prescriptions.course.created"
    assert event.payload == {"course_id": course.ref, "patient_id": patient.ref}


@pytest.mark.parametrize("trait", ["running", "halted", "not_started"])
def test_a_patient_has_one_open_course(patient, trait):
    CourseFactory(patient=patient, **({} if trait == "not_started" else {trait: True}))

    answer = plan(patient)

    assert (answer.status_code, answer.json()["code"]) == (409, "course_already_open")


def test_a_second_course_waits_for_a_decision(patient):
    CourseFactory(patient=patient, ended=True)

    answer = plan(patient)

    assert (answer.status_code, answer.json()["code"]) == (409, "next_course_not_allowed")


def test_a_second_course_opens_once_a_decision_allows_it(patient, physician_actor):
    first = CourseFactory(patient=patient, ended=True)
    allow_next_course(first, by=physician_actor, at=NOW)

    second = plan(patient)

    assert (second.status_code, second.json()["number"]) == (201, 2)
    first.refresh_from_db()
    assert first.next_course_allowed_at == NOW


def test_a_decision_allows_one_course_not_every_later_one(patient, physician_actor):
    first = CourseFactory(patient=patient, ended=True)
    allow_next_course(first, by=physician_actor, at=NOW)
    CourseFactory(patient=patient, ended=True, number=2)

    assert plan(patient).json()["code"] == "next_course_not_allowed"


def test_a_cancelled_course_does_not_count(patient):
    CourseFactory(patient=patient, cancelled=True)

    assert plan(patient).json()["number"] == 1


def test_a_patient_of_another_clinic_does_not_exist(patient):
    answer = plan(patient, by=PhysicianFactory())

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/patient"
    assert not Course.objects.exists()


def test_only_a_physician_plans_a_course(patient):
    for person in (patient, StaffMemberFactory(clinic=patient.clinic)):
        assert plan(patient, by=person).status_code == 403


def test_the_administrator_sees_no_course(patient):
    CourseFactory(patient=patient)

    answer = Caller(AdministratorFactory(clinic=patient.clinic)).get("/v1/courses")

    assert answer.status_code == 403
