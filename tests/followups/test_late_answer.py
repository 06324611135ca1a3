"""A late answer about one course, when the patient is in another by now."""

from datetime import date, timedelta

import pytest
import time_machine

from backend.prescriptions.models import Course
from backend.worklist.models import Task
from tests.callers import Caller
from tests.factories.followups import DAY_7_AT, FollowedCourseFactory, answers, make_followed
from tests.factories.prescriptions import PrescriptionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _that_morning():
    with time_machine.travel(DAY_7_AT + timedelta(hours=2), tick=False):
        yield


@pytest.mark.parametrize(
    ("flags", "course", "rx"), [(["bih"], "halted", "voided"), ([], "running", "approved")]
)
def test_a_red_flag_in_a_late_answer_about_the_first_course_halts_the_second(flags, course, rx):
    asked = make_followed()
    Course.objects.update(status="ended", ended_on=date(2026, 3, 16), end_reason="completed")
    second = FollowedCourseFactory(patient=asked.patient, number=2)
    prescription = PrescriptionFactory(course=second, approved=True)
    path = f"/v1/check_ins/{asked.ref}/answer"

    reply = Caller(asked.patient).post(path, answers(red_flags=flags), version=asked.version)

    for row in (asked.course, second, prescription):
        row.refresh_from_db()
    assert reply.status_code == 200
    assert (asked.course.status, second.status, prescription.status) == ("ended", course, rx)
    assert Task.objects.filter(priority="urgent").count() == len(flags)
