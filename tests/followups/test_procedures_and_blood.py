"""Feature 103 at the check-in: who wants to give blood, or is booked for a procedure, is told when.

The course runs from 10 March 2026; where it has ended, the last dose was on 5 November.
"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from backend.worklist.models import Task
from tests.callers import Caller
from tests.factories.care import treats
from tests.factories.followups import (
    DAY_7_AT,
    FollowedCourseFactory,
    answers,
    make_followed,
)
from tests.factories.records import make_ready_patient

pytestmark = pytest.mark.django_db
MIDNIGHT_IN_TOKYO = timedelta(hours=-9)
ANSWERED_AT = DAY_7_AT + timedelta(hours=2)
LAST_DAY_OF_THE_LOCK = datetime(2026, 12, 4, 14, 59, 59, tzinfo=UTC)  # 23:59:59 in Tokyo
FIRST_DAY_AFTER_IT = datetime(2026, 12, 4, 15, tzinfo=UTC)


def ended(at):
    """A woman whose course ended on 5 November, and about whom everything is known at `at`."""
    course = FollowedCourseFactory(ended=True)
    make_ready_patient(at=at, patient=course.patient)
    return course


def report(patient, **said):
    """She tells us unasked; what she reads, and what the physician reads of it."""
    body = {**answers(**said)}
    answer = Caller(patient).post("/v1/check_ins", body)
    assert answer.status_code == 201, answer.content
    return answer.json(), read(answer.json()["id"], patient)


def read(check_in_id, patient):
    course = patient.courses.get()
    physician = treats(course.created_by.staff_member, patient)
    return Caller(physician).get(f"/v1/check_ins/{check_in_id}").json()


def said_of(rule, check_in):
    return [finding for finding in check_in["findings"] if finding["rule"] == rule]


def codes(check_in):
    return [advice["code"] for advice in check_in["advice"]]


def note_procedure(patient, kind, on):
    physician = treats(patient.courses.get().created_by.staff_member, patient)
    value = {"procedures": [{"kind": kind, "on": on}]}
    body = {"patient": patient.ref, "topic": "procedures", "value": value}
    answer = Caller(physician).post("/v1/statements", body)
    assert answer.status_code == 201, answer.content


def test_c_23_while_the_course_runs_no_blood_and_she_is_told_so():
    with time_machine.travel(ANSWERED_AT, tick=False):
        asked = make_followed()
        body = answers(wants_blood_donation=True)
        path = f"/v1/check_ins/{asked.ref}/answer"
        shown = Caller(asked.patient).post(path, body, version=asked.version).json()

        (finding,) = said_of("C-23", read(asked.ref, asked.patient))

    assert finding["level"] == "counsel"
    assert codes(shown) == ["go_on", "no_blood_donation"]
    assert Task.objects.count() == 0


def test_c_23_without_the_wish_nothing_is_said():
    with time_machine.travel(ANSWERED_AT, tick=False):
        shown, read_by_physician = report(make_followed().patient)

    assert said_of("C-23", read_by_physician) == []
    assert codes(shown) == ["go_on"]


def test_c_23_until_the_last_second_of_the_month_after_the_day_is_named():
    with time_machine.travel(LAST_DAY_OF_THE_LOCK, tick=False):
        patient = ended(LAST_DAY_OF_THE_LOCK).patient
        shown, read_by_physician = report(patient, wants_blood_donation=True)

    (finding,) = said_of("C-23", read_by_physician)
    assert finding["evidence"]["release_on"] == "2026-12-05"
    (blood,) = [a for a in shown["advice"] if a["code"] == "no_blood_donation"]
    assert blood["text"] == "You may give blood from 2026-12-05. Please do not before that day."


def test_c_23_on_that_day_she_may():
    with time_machine.travel(FIRST_DAY_AFTER_IT, tick=False):
        patient = ended(FIRST_DAY_AFTER_IT).patient
        shown, read_by_physician = report(patient, wants_blood_donation=True)

    assert said_of("C-23", read_by_physician) == []
    assert "no_blood_donation" not in codes(shown)


@pytest.mark.parametrize(
    ("on", "found"), [("2026-03-09", False), ("2026-03-10", True), ("2027-03-10", True)]
)
def test_c_24_while_the_course_runs_waxing_from_its_first_day_on_is_advised_against(on, found):
    with time_machine.travel(ANSWERED_AT, tick=False):
        patient = make_followed().patient
        note_procedure(patient, "waxing", on)
        shown, read_by_physician = report(patient)

    assert bool(said_of("C-24", read_by_physician)) is found
    assert ("postpone_the_procedure" in codes(shown)) is found


@pytest.mark.parametrize(("on", "found"), [("2027-05-04", True), ("2027-05-05", False)])
@pytest.mark.parametrize(
    ("rule", "kind", "level"),
    [
        ("C-24", "ablative_laser", "warn"),
        ("C-25", "superficial_peel", "senior"),
        ("C-25", "hair_removal_laser", "senior"),
    ],
)
def test_c_24_c_25_six_months_after_the_last_dose_a_procedure_is_released(
    rule, kind, level, on, found
):
    at = FIRST_DAY_AFTER_IT
    with time_machine.travel(at, tick=False):
        patient = ended(at).patient
        note_procedure(patient, kind, on)
        _, read_by_physician = report(patient)

    assert [one["level"] for one in said_of(rule, read_by_physician)] == ([level] if found else [])
