"""A way on is there exactly when the service would accept it; where not, the page says why."""

import re

import pytest

from tests.factories.accounts import PatientFactory, TestClockFactory
from tests.factories.booking import SLOT, VisitFactory
from tests.factories.care import EmergencyAccessFactory
from tests.factories.followups import SecondCourseDecisionFactory
from tests.factories.prescriptions import CourseFactory, ready_prescription
from tests.portals.physician.reviewing import at, why_not
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    """The only prescription of a planned course."""
    return ready_prescription(status="draft")


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ({"cancelled": True, "status": "cancelled"}, None),
        ({"status": "draft"}, "The course has an open prescription"),
        ({}, "The course has an open prescription"),
        ({"claimed": True, "status": "claimed"}, "The course has an open prescription"),
        ({"voided": True, "status": "voided"}, None),
    ],
    ids=str,
)
@pytest.mark.parametrize("page", ["patients", "courses"])
def test_prescribing_is_offered_where_a_draft_would_be_taken(page, condition, reason):
    row = ready_prescription(**condition)
    ref = row.patient.ref if page == "patients" else row.course.ref

    found = Reader(row.created_by).get(f"/physician/{page}/{ref}").content.decode()

    way = f'href="/physician/courses/{row.course.ref}/prescribe"'
    assert (way in found) is (reason is None)
    assert reason is None or reason in found


def test_on_a_course_that_is_halted_nothing_is_prescribed_and_none_is_planned_beside_it():
    course = CourseFactory(halted=True)
    doctor = VisitFactory(patient=course.patient, completed=True).physician

    said = text_of(Reader(doctor).get(f"/physician/patients/{course.patient.ref}"))

    assert "The course is halted" in said
    assert "Plan a course" not in said


@pytest.mark.parametrize(
    ("language", "reason"),
    [("en", "Not possible: At the pharmacy."), ("ja", "「薬局で調剤中」のため、できません。")],
)
def test_the_reason_why_not_is_said_without_codes(language, reason):
    row = ready_prescription(claimed=True, status="claimed")

    page = Reader(row.created_by, language=language).get(at(row)).content.decode()

    assert why_not(page, "approve") == reason


def test_a_plan_speaks_of_days_and_numbers_as_people_do(row):
    answer = Reader(row.created_by, language="ja").send(
        f"/physician/courses/{row.course.ref}/prescribe",
        act="plan",
        target_daily_mg_per_kg="0.5",
        target_cumulative_mg_per_kg="120",
        days_per_supply="30",
    )

    table = re.search(r"<tbody>.*?</tbody>", answer.content.decode(), re.DOTALL).group()
    assert re.search(r">2026年\d+月\d+日<", table)
    assert re.search(r">\d+\.\d<", table)
    assert not re.search(r"\d{4}-\d\d|\d\.\d\d", table)


def test_an_access_that_cannot_be_given_back_says_so(row):
    access = EmergencyAccessFactory(patient=row.patient)
    reader = Reader(access.opened_by.staff_member)

    reader.send(f"/physician/glass/{access.ref}/end", on="/physician/", version="77")

    access.refresh_from_db()
    assert access.status == "granted"
    assert "changed since" in text_of(reader.get("/physician/"))


@pytest.mark.parametrize("is_sandbox", [True, False])
def test_the_calendar_opens_on_the_day_that_the_patients_live_in(settings, is_sandbox):
    settings.SANDBOX = is_sandbox
    clock = TestClockFactory(frozen_at=SLOT)
    visit = VisitFactory(patient=PatientFactory(clinic=clock.clinic, test_clock=clock))

    said = text_of(Reader(visit.physician).get("/physician/calendar"))

    assert (visit.patient.name in said) is is_sandbox


@pytest.mark.parametrize(("decision", "is_open"), [("offered", False), ("declined", True)])
def test_a_second_course_is_decided_until_one_is_offered(decision, is_open):
    course = CourseFactory(ended=True)
    doctor = VisitFactory(patient=course.patient, completed=True).physician
    SecondCourseDecisionFactory(
        course=course, status=decision, decision="clear" if decision == "offered" else "block"
    )

    said = text_of(Reader(doctor).get(f"/physician/courses/{course.ref}"))

    assert ("Global assessment (IGA)" in said) is is_open
    assert ("A second course has been offered already" in said) is not is_open
