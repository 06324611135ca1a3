"""The journey from the first page to the end of a course, by clicking, in both languages."""

import pytest

from dev.demo.story.consulting import ANSWERS
from tests.browser.devices import DESK, LANGUAGES, PHONE
from tests.browser.journeys.clinic import BrowserClinic
from tests.browser.journeys.patients_part import PatientsPart
from tests.browser.journeys.physicians_part import PhysiciansPart
from tests.browser.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_course_by_clicking(language, visit):
    clinic = BrowserClinic()
    anna = PatientsPart(visit(PHONE.speaking(language)), "journey-patient")
    doctor = PhysiciansPart(
        visit(DESK.speaking(language), clinic.doctor, fresh=False), "journey-physician"
    )

    anna.signs_up()
    anna.makes_a_profile(clinic)
    anna.books_a_visit()
    anna.answers_the_questions(ANSWERS)
    anna.signs_the_consents()
    clinic.identifies(anna.name)
    clinic.goes_to_the_visit()
    anna.waits_at_the_door()
    doctor.begins_the_visit(anna.name, clinic.today)
    clinic.passes(minutes=12)
    doctor.completes_the_visit()
    doctor.notes_what_was_measured(anna.name, clinic)
    doctor.plans_a_course()
    doctor.drafts()
    doctor.approves(anna.name)
    clinic.hands_over(30)
    anna.takes_it()
    clinic.morning(days=7)
    anna.answers_how_she_is()
    clinic.morning(days=3)
    anna.tells_of_blurred_vision()
    doctor.answers_the_alarm(clinic)
    clinic.morning(days=14)
    sign_in(doctor.window, clinic.doctor)
    doctor.opens_the_course(anna.name)
    doctor.lets_it_go_on(clinic)
    doctor.ends_it(clinic.today)
    anna.reads_that_it_ended()
    clinic.morning(days=57)
    sign_in(doctor.window, clinic.doctor)
    doctor.opens_the_course(anna.name)
    doctor.decides_on_a_second_course()
    anna.sees_who_looked(clinic.doctor.name)
