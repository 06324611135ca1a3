"""Today: what to take, the one thing to do, and a halt that nobody overlooks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from backend.accounts.models import Patient
from backend.prescriptions.models import Course
from tests.factories import accounts, booking, followups, intake, pharmacy, prescriptions, records
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 3, tzinfo=UTC)  # 10 March 2026 in Tokyo
TODAY = date(2026, 3, 10)


def patient_at(at: datetime = NOON, **of_patient: Any) -> Patient:
    """A patient who lives at that instant."""
    return accounts.PatientFactory(on_clock=True, test_clock__frozen_at=at, **of_patient)


def running(patient: Patient, *, since: date = TODAY, capsules: int = 30, **rx: Any) -> Course:
    """A course in which capsules were handed over on its first day."""
    course = prescriptions.CourseFactory(patient=patient, running=True, started_on=since)
    row = prescriptions.PrescriptionFactory(course=course, claimed=True, **rx)
    handed_at = datetime.combine(since, NOON.time(), UTC)
    pharmacy.DispenseFactory(prescription=row, capsules=capsules, handed_over_at=handed_at)
    row.status = "dispensed"
    row.save(update_fields=["status"])
    return course


def home_of(patient: Patient, language: str = "en") -> str:
    answer = Reader(patient, language=language).get("/me/")
    assert answer.status_code == 200
    return text_of(answer)


def test_before_treatment_the_steps_show_and_the_first_open_one_is_the_main_action():
    patient = patient_at()

    answer = Reader(patient).get("/me/")

    assert "2 of 6 done" in text_of(answer)
    assert answer.content.decode().count('class="button main big"') == 1
    assert 'class="button main big" href="/me/intake"' in answer.content.decode()


def test_after_the_questions_the_consents_are_next():
    patient = patient_at()
    intake.IntakeResponseFactory(patient=patient, submitted=True)

    answer = Reader(patient).get("/me/")

    assert 'class="button main big" href="/me/consents"' in answer.content.decode()
    assert "4 documents to read" in text_of(answer)


def test_after_the_visit_the_physician_decides():
    patient = patient_at()
    booking.VisitFactory(patient=patient, completed=True, starts_at=NOON - timedelta(hours=2))

    assert "Your physician now decides" in home_of(patient)


def test_a_planned_course_says_that_there_is_nothing_to_take_yet():
    patient = patient_at()
    course = prescriptions.CourseFactory(patient=patient)
    prescriptions.PrescriptionFactory(course=course, approved=True)

    said = home_of(patient)

    assert "Nothing to take yet" in said
    assert "Your medicine is ready to be handed over" in said
    assert "By 15 Mar 2026" in said


def test_a_declined_prescription_promises_no_course():
    patient = patient_at()
    course = prescriptions.CourseFactory(patient=patient)
    prescriptions.PrescriptionFactory(course=course, declined=True)

    said = home_of(patient)

    assert "The medicine was not prescribed" in said
    assert "Your course is planned" not in said


def test_a_draft_is_not_shown():
    patient = patient_at()
    course = prescriptions.CourseFactory(patient=patient)
    prescriptions.PrescriptionFactory(course=course, draft=True)

    assert "Your first prescription" not in home_of(patient)


def test_a_running_course_says_how_many_capsules_to_take_with_a_meal():
    patient = patient_at()
    running(patient)

    said = home_of(patient)

    assert "Take today 1 capsule Once a day, with a meal" in said
    assert "20 mg a day (20 mg capsules)" in said
    assert "Day 1 of your course" in said


def test_two_doses_of_an_even_number_are_parted():
    patient = patient_at()
    running(patient, daily_mg=40, doses_per_day=2, capsules=60)

    assert "1 in the morning and 1 in the evening, with a meal" in home_of(patient)


def test_a_dose_that_is_no_whole_number_of_capsules_alternates():
    patient = patient_at()
    running(patient, daily_mg=30, capsules=45)

    said = home_of(patient)

    assert "1 or 2 capsules" in said
    assert "30 mg a day on average" in said


@pytest.mark.parametrize(("days_later", "is_over"), [(29, False), (30, True)])
def test_the_day_after_the_last_capsule_nothing_is_to_be_taken(days_later, is_over):
    patient = patient_at(NOON + timedelta(days=days_later))
    running(patient)

    assert ("Your supply has come to an end" in home_of(patient)) is is_over


@pytest.mark.parametrize(("days_later", "is_asked"), [(14, False), (15, True)])
def test_two_weeks_before_the_last_capsule_a_visit_is_to_be_booked(days_later, is_asked):
    patient = patient_at(NOON + timedelta(days=days_later))
    running(patient)

    assert ("Book a visit for the next supply" in home_of(patient)) is is_asked


def test_the_next_check_in_is_told_before_it_comes():
    patient = patient_at()
    course = running(patient)
    plan = followups.PlanFactory(course=course)
    followups.FollowUpFactory(plan=plan)

    said = home_of(patient)

    assert "Next check-in 17 March 2026" in said


def test_the_last_day_of_a_check_in_is_the_one_where_the_patient_lives():
    patient = patient_at(zone="Australia/Sydney")
    course = running(patient)
    row = followups.FollowUpFactory(plan=followups.PlanFactory(course=course), done=True)
    due_at = datetime(2026, 3, 23, 22, tzinfo=UTC)  # the morning of the 24th in Sydney
    followups.CheckInFactory(follow_up=row, due_at=due_at)

    assert "By 24 Mar 2026" in home_of(patient)


def test_a_check_in_that_waits_is_the_main_action():
    patient = patient_at(followups.DAY_7_AT)
    course = running(patient)
    plan = followups.PlanFactory(course=course)
    row = followups.CheckInFactory(follow_up=followups.FollowUpFactory(plan=plan, done=True))

    answer = Reader(patient).get("/me/")

    assert f'class="button main big" href="/me/check-ins/{row.ref}"' in answer.content.decode()


@pytest.mark.parametrize(("days_later", "is_now"), [(22, False), (23, True)])
def test_the_pregnancy_test_is_due_within_its_window_before_the_next_supply(days_later, is_now):
    patient = patient_at(NOON + timedelta(days=days_later))
    records.StatementFactory(
        patient=patient, topic="pregnancy_potential", value={"can_become_pregnant": True}
    )
    running(patient)

    said = home_of(patient)

    assert "Pregnancy test before the next supply" in said
    assert "2 Apr 2026 – 8 Apr 2026" in said
    assert ("Pregnancy test before the next supply due now" in said) is is_now


def test_a_negative_test_within_the_window_is_enough():
    patient = patient_at(NOON + timedelta(days=24))
    records.StatementFactory(
        patient=patient, topic="pregnancy_potential", value={"can_become_pregnant": True}
    )
    records.PregnancyTestFactory(patient=patient, taken_on=date(2026, 4, 2))
    running(patient)

    assert "Pregnancy test" not in home_of(patient)


def test_a_man_is_asked_for_no_pregnancy_test():
    patient = patient_at(NOON + timedelta(days=24))
    records.StatementFactory(
        patient=patient,
        topic="pregnancy_potential",
        value=records.MAN["pregnancy_potential"],
    )
    running(patient)

    assert "Pregnancy test" not in home_of(patient)


@pytest.mark.parametrize(
    ("days_later", "is_now"), [(0, False), (27, False), (41, False), (42, True)]
)
def test_the_blood_test_at_the_peak_dose_is_always_in_sight(days_later, is_now):
    patient = patient_at(NOON + timedelta(days=days_later))
    running(patient)

    said = home_of(patient)

    assert "Blood test: liver and blood fats" in said
    assert ("Blood test: liver and blood fats due now" in said) is is_now


def test_the_page_speaks_japanese():
    patient = patient_at()
    running(patient)

    assert "1日1回、食事と一緒に" in home_of(patient, "ja")


def test_today_needs_few_queries(django_assert_max_num_queries):
    patient = patient_at(NOON + timedelta(days=24))
    course = running(patient)
    plan = followups.PlanFactory(course=course)
    for day in range(3):
        row = followups.FollowUpFactory(plan=plan, done=True, occurrence=day)
        followups.CheckInFactory(follow_up=row, day=day)
    reader = Reader(patient)

    with django_assert_max_num_queries(12):
        reader.get("/me/")
