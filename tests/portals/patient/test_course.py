"""My course: how far it is, what to expect, and what has become of each prescription."""

from datetime import date, timedelta

import pytest

from tests.factories import prescriptions, records
from tests.portals.patient.test_home import NOON, TODAY, home_of, patient_at, running
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


def test_the_dose_so_far_stands_against_the_target_as_picture_table_and_words():
    patient = patient_at(NOON + timedelta(days=40))
    records.WeightFactory(patient=patient)
    running(patient)

    answer = Reader(patient).get("/me/course")

    said, page = text_of(answer), answer.content.decode()
    assert "Since 10 March 2026, today is day 41" in said
    assert "9% of the way to the target of 120 to 150 mg per kg" in said  # 600 mg / 52 kg
    assert 'aria-label="12 mg/kg of a target of 120 to 150 mg/kg"' in page
    assert "11.5" in said
    assert 'data-chart="chart-dose"' in page


def test_without_a_weight_the_milligrams_are_told():
    patient = patient_at()
    running(patient)

    assert "Handed over: 600 mg." in text_of(Reader(patient).get("/me/course"))


@pytest.mark.parametrize(
    ("days_later", "now"), [(13, "Weeks 1 and 2 now"), (28, "From month 1 now")]
)
def test_what_to_expect_is_marked_by_the_day_of_the_course(days_later, now):
    patient = patient_at(NOON + timedelta(days=days_later))
    running(patient)

    assert now in text_of(Reader(patient).get("/me/course"))


def test_each_prescription_says_what_has_become_of_it():
    patient = patient_at()
    course = prescriptions.CourseFactory(patient=patient)
    prescriptions.PrescriptionFactory(course=course, declined=True)
    prescriptions.PrescriptionFactory(course=course, approved=True)

    said = text_of(Reader(patient).get("/me/course"))

    assert "Ready for the pharmacy" in said
    assert "It can be handed over until 15 March 2026." in said
    assert "Not beside the medicine that you take now." in said


def test_a_halted_course_says_when_and_expects_nothing_further():
    patient = patient_at(NOON + timedelta(days=20))
    course = running(patient)
    course.status, course.halt_reason = "halted", "physician"
    course.halted_at = NOON + timedelta(days=19)
    course.save()

    said = text_of(Reader(patient).get("/me/course"))

    assert "Begun on 10 March 2026, halted on 29 March 2026" in said
    assert "today is day" not in said
    assert "What to expect when" not in said


def test_a_halted_course_says_so_here_too():
    patient = patient_at()
    prescriptions.CourseFactory(
        patient=patient, status="halted", halted_at=NOON, halt_reason="physician"
    )

    assert "Stop taking the medicine" in text_of(Reader(patient).get("/me/course"))


def test_without_a_course_the_usual_one_is_told():
    said = text_of(Reader(patient_at()).get("/me/course"))

    assert "No course has begun yet" in said
    assert "Acne may flare up" in said


def test_a_course_of_somebody_else_is_not_shown():
    running(patient_at())

    assert "No course has begun yet" in text_of(Reader(patient_at()).get("/me/course"))


def test_the_course_needs_few_queries(django_assert_max_num_queries):
    patient = patient_at(NOON + timedelta(days=10))
    course = running(patient)
    for _ in range(4):
        prescriptions.PrescriptionFactory(course=course, cancelled=True)
    reader = Reader(patient)

    with django_assert_max_num_queries(12):
        reader.get("/me/course")


def test_after_the_end_the_course_says_from_when_to_when():
    patient = patient_at()
    prescriptions.CourseFactory(
        patient=patient,
        status="ended",
        started_on=date(2025, 10, 1),
        ended_on=TODAY,
        end_reason="completed",
    )

    said = text_of(Reader(patient).get("/me/course"))

    assert "From 1 October 2025 to 10 March 2026" in said
    assert "After the end now" in said
    assert "Your course has ended" in home_of(patient)


@pytest.mark.parametrize(("can_become_pregnant", "is_told"), [(True, True), (False, False)])
def test_what_holds_as_long_as_it_is_taken_is_told(can_become_pregnant, is_told):
    patient = patient_at()
    running(patient)
    value = {"can_become_pregnant": can_become_pregnant}
    records.StatementFactory(patient=patient, topic="pregnancy_potential", value=value)

    said = text_of(Reader(patient).get("/me/course"))

    assert "Take it with a meal" in said
    assert "never take two at once" in said
    assert "Give no blood" in said
    assert ("Prevent pregnancy without a gap" in said) is is_told
