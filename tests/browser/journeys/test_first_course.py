"""The journey from the first page to the end of a course, by clicking, in both languages."""

import pytest

from dev.demo.story.consulting import ANSWERS
from tests.browser.devices import DESK, LANGUAGES, PHONE
from tests.browser.journeys.clinic import BrowserClinic
from tests.browser.journeys.patients_part import PatientsPart
from tests.browser.journeys.physicians_part import PhysiciansPart

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
