"""Re-opening a halted course."""

import pytest
from django.db import transaction

from backend.kernel.actor import job
from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import CourseClearance
from backend.prescriptions.steps.halt_course import halt_course
from tests.callers import Caller
from tests.factories.prescriptions import NOW, CourseFactory, PrescriptionFactory
from tests.factories.worklist import TaskFactory
from tests.prescriptions.people import do_course, physician_for

pytestmark = pytest.mark.django_db


def body(cleared_on="2026-03-10"):
    return {
        "reason": "Papilloedema excluded.",
        "clearance": {
            "specialist": "Dr Ito, neurology",
            "cleared_on": cleared_on,
            "note": "No raised intracranial pressure.",
        },
    }


def senior_for(course):
    return physician_for(course, senior=True)


def test_a_senior_physician_resumes_a_started_course_where_it_was():
    course = CourseFactory(halted=True)
    voided = PrescriptionFactory(course=course, voided=True)
    senior = senior_for(course)

    answer = do_course(course, "resume", body(), by=senior)

    assert answer.status_code == 200, answer.content
    assert (answer.json()["status"], answer.json()["halt_reason"]) == ("running", None)
    kept = CourseClearance.objects.get()
    assert (kept.specialist, kept.resumed_by) == ("Dr Ito, neurology", senior.user)
    assert OutboxEvent.objects.get().type == "prescriptions.course.resumed"
    voided.refresh_from_db()
    assert voided.status == "voided"


def test_a_course_halted_before_its_first_dose_is_planned_again():
    course = CourseFactory(halted=True, started_on=None)

    assert do_course(course, "resume", body(), by=senior_for(course)).json()["status"] == (
        "not_started"
    )


def test_a_physician_who_is_not_senior_cannot_resume():
    course = CourseFactory(halted=True)

    answer = do_course(course, "resume", body(), by=physician_for(course))

    assert (answer.status_code, answer.json()["code"]) == (403, "senior_physician_needed")
    course.refresh_from_db()
    assert course.status == "halted"


def test_an_urgent_task_of_the_patient_comes_first():
    course = CourseFactory(halted=True)
    TaskFactory(patient=course.patient, urgent=True)

    answer = do_course(course, "resume", body(), by=senior_for(course))

    assert (answer.status_code, answer.json()["code"]) == (409, "urgent_task_open")
    assert not CourseClearance.objects.exists()


def test_tasks_that_are_done_or_not_urgent_or_anothers_do_not_stand_in_the_way():
    course = CourseFactory(halted=True)
    TaskFactory(patient=course.patient, urgent=True, done=True)
    TaskFactory(patient=course.patient)
    TaskFactory(urgent=True)

    assert do_course(course, "resume", body(), by=senior_for(course)).status_code == 200


@pytest.mark.parametrize(
    ("cleared_on", "status"),
    [
        pytest.param("2026-03-08", 422, id="before the halt"),
        pytest.param("2026-03-09", 200, id="the day of the halt"),
        pytest.param("2026-03-10", 200, id="today"),
        pytest.param("2026-03-11", 422, id="tomorrow"),
    ],
)
def test_the_clearance_is_from_between_the_halt_and_today(cleared_on, status):
    course = CourseFactory(halted=True)

    answer = do_course(course, "resume", body(cleared_on), by=senior_for(course))

    assert answer.status_code == status


def test_an_alarm_during_the_halt_needs_a_clearance_of_its_own():
    course = CourseFactory(halted=True)
    with transaction.atomic():
        halt_course(course, reason_code="R-01", by=job("followups"), at=NOW)

    of_the_first = do_course(course, "resume", body("2026-03-09"), by=senior_for(course))
    of_the_last = do_course(course, "resume", body("2026-03-10"), by=senior_for(course))

    assert (of_the_first.status_code, of_the_first.json()["code"]) == (422, "day_not_possible")
    assert of_the_last.status_code == 200


def test_a_running_course_has_nothing_to_resume():
    course = CourseFactory(running=True)

    answer = do_course(course, "resume", body(), by=senior_for(course))

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


def test_without_a_clearance_the_body_is_not_well_formed():
    course = CourseFactory(halted=True)

    answer = do_course(course, "resume", {"reason": "Fine."}, by=senior_for(course))

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/clearance"


def test_resuming_asks_who_you_are_once_more():
    course = CourseFactory(halted=True)

    answer = Caller(senior_for(course), fresh=False).post(
        f"/v1/courses/{course.ref}/resume", body(), version=1
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "reauthentication_required")
