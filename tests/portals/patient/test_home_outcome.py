"""Today when nothing came of a visit: what happened, by the record, and what to do next."""

from datetime import timedelta

import pytest

from tests.factories import booking, prescriptions
from tests.portals.patient.test_home import NOON, home_of, patient_at, running
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


def seen_before(patient, **ago):
    """A visit that took place so long ago."""
    return booking.VisitFactory(patient=patient, completed=True, starts_at=NOON - timedelta(**ago))


def test_just_after_the_visit_the_physician_decides():
    patient = patient_at()
    seen_before(patient, days=6, hours=23)

    said = home_of(patient)

    assert "Your visit was on 3 March 2026. Your physician now decides" in said
    assert "No treatment is planned" not in said


def test_a_week_after_the_visit_it_says_that_nothing_was_prescribed_and_what_to_do():
    patient = patient_at()
    seen_before(patient, days=7)

    answer = Reader(patient).get("/me/")

    said = text_of(answer)
    assert "Your visit was on 3 March 2026, 7 days ago. No medicine has been prescribed" in said
    assert "Your physician now decides" not in said
    assert 'class="button main big" href="/me/slots"' in answer.content.decode()
    assert f'href="tel:{patient.clinic.telephone.replace("-", "")}"' in answer.content.decode()


def test_who_has_booked_again_is_led_to_that_visit():
    patient = patient_at()
    seen_before(patient, days=30)
    ahead = booking.VisitFactory(patient=patient, starts_at=NOON + timedelta(days=2))

    page = Reader(patient).get("/me/").content.decode()

    assert f'href="/me/visits/{ahead.ref}"' in page
    assert 'href="/me/slots"' not in page
    assert "Your physician now decides" not in page


def test_many_cancelled_bookings_do_not_hide_that_a_visit_took_place():
    patient = patient_at()
    seen_before(patient, days=1)
    for day in range(6):
        booking.VisitFactory(
            patient=patient, cancelled=True, starts_at=NOON + timedelta(days=day + 1)
        )

    assert "Your visit was on 9 March 2026" in home_of(patient)


def test_a_cancelled_course_says_so_with_what_the_physician_wrote():
    patient = patient_at()
    course = prescriptions.CourseFactory(patient=patient, cancelled=True)
    prescriptions.PrescriptionFactory(course=course, declined=True)

    answer = Reader(patient).get("/me/")

    said = text_of(answer)
    assert "The course that was planned has been cancelled" in said
    assert "Not beside the medicine that you take now." in said
    assert "interaction" not in said
    assert "Your physician now decides" not in said
    assert "/me/check-ins/now" not in answer.content.decode()


def test_a_visit_after_the_cancelled_course_counts_more():
    patient = patient_at(NOON + timedelta(days=20))
    prescriptions.CourseFactory(patient=patient, cancelled=True)
    booking.VisitFactory(patient=patient, completed=True, starts_at=NOON + timedelta(days=19))

    said = home_of(patient)

    assert "Your physician now decides" in said
    assert "has been cancelled" not in said


@pytest.mark.parametrize(
    ("became", "words"),
    [
        ("declined", "The medicine was not prescribed"),
        ("cancelled", "There is no valid prescription at present"),
        ("voided", "There is no valid prescription at present"),
        ("expired", "There is no valid prescription at present"),
    ],
)
def test_a_first_prescription_that_fell_through_leads_on(became, words):
    patient = patient_at()
    course = prescriptions.CourseFactory(patient=patient)
    prescriptions.PrescriptionFactory(course=course, **{became: True})

    answer = Reader(patient).get("/me/")

    assert words in text_of(answer)
    assert "Your course is planned" not in text_of(answer)
    assert 'class="button main big" href="/me/slots"' in answer.content.decode()


def test_while_the_medicine_is_taken_a_declined_prescription_is_told_with_its_reason():
    patient = patient_at()
    course = running(patient)
    prescriptions.PrescriptionFactory(course=course, declined=True)

    said = home_of(patient)

    assert "Your newest prescription Not prescribed" in said
    assert "Not beside the medicine that you take now." in said


def test_what_came_of_it_is_told_in_japanese():
    patient = patient_at()
    seen_before(patient, days=9)

    said = home_of(patient, "ja")

    assert "現在、予定されている治療はありません" in said
    assert "2026年3月1日（9日前）に診察を受けました" in said


def test_a_home_after_a_cancelled_course_needs_few_queries(django_assert_max_num_queries):
    patient = patient_at()
    for day in range(3):
        seen_before(patient, days=day + 1)
    course = prescriptions.CourseFactory(patient=patient, cancelled=True)
    prescriptions.PrescriptionFactory(course=course, declined=True)
    reader = Reader(patient)

    with django_assert_max_num_queries(12):
        reader.get("/me/")
