"""From the first question to a booked visit, by hand on a phone."""

import re

import pytest
from playwright.sync_api import expect

from backend.booking.models import Visit
from backend.intake.models import ConsentSignature, IntakeResponse
from tests.browser.devices import PHONE
from tests.factories import accounts
from tests.factories.booking import AvailabilityRuleFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def patient():
    patient = accounts.PatientFactory(on_clock=True)
    AvailabilityRuleFactory(physician=accounts.PhysicianFactory(clinic=patient.clinic))
    return patient


@pytest.fixture
def page(visit, patient):
    window = visit(PHONE.speaking("en"), patient)
    window.context.add_cookies(
        [{"name": "django_language", "value": "en", "domain": "localhost", "path": "/"}]
    )
    window.page.goto("/me/intake")
    return window.page


def choose(page, question, *answers):
    group = page.get_by_role("group", name=question)
    for answer in answers:
        group.get_by_label(answer, exact=True).check()


def go_on(page):
    page.get_by_role("button", name="Save and go on").click()


def at(page, heading):
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_a_patient_answers_signs_and_books(page, patient):
    page.get_by_role("button", name="Begin the questions").click()
    at(page, "Your skin")
    choose(page, "What would you like treated most?", "Acne")
    choose(page, "Which comes closest", "Severe: many lumps, cysts or nodules")
    choose(page, "Do spots leave scars", "Yes")
    choose(page, "Choose every treatment", "Creams or gels", "It came back after treatment")
    go_on(page)
    at(page, "Your health")
    for question in ("Choose every condition that you", "Choose every condition that a parent"):
        choose(page, question, "None of these")
    for question in ("Choose everything that you are", "Which of these did you", "that applies"):
        choose(page, question, "None of these")
    go_on(page)
    at(page, "Your medicines")
    page.get_by_label("Medicine 1").fill("loxoprofen")
    page.get_by_role("button", name="Add another").click()
    page.get_by_label("Medicine 2").fill("zinc")
    for question in ("isotretinoin that you got", "supplement with vitamin A", "cream or gel"):
        choose(page, re.compile(question), "No")
    go_on(page)
    at(page, "Pregnancy")
    choose(
        page, "Which describes whether", "I was born with a body that cannot (such as a male body)"
    )
    go_on(page)
    at(page, "Your mood (PHQ-9)")
    for question in page.get_by_role("group").all():
        question.get_by_label("Not at all").check()
    go_on(page)
    at(page, "Read it over, then send it")
    page.get_by_role("button", name="Send my answers").click()
    at(page, "Your answers were sent")

    page.get_by_role("link", name="Read and sign 4 consents").click()
    page.get_by_role("link", name="Read the first one").click()
    for number in range(1, 5):
        expect(page.get_by_text(f"Document {number} of 4")).to_be_visible()
        for tick in page.get_by_role("checkbox").all():
            tick.check()
        page.get_by_label("Type your name").fill(patient.name)
        page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Everything is signed. Thank you.")).to_be_visible()

    page.goto("/me/slots")
    page.get_by_role("button", name="Thursday, 12 March 09:30").click()
    expect(page.get_by_role("timer")).to_have_text("10:00")
    page.get_by_role("button", name="Confirm the booking").click()
    expect(page.get_by_text("Your visit is booked.")).to_be_visible()

    assert IntakeResponse.objects.get().status == "submitted"
    assert ConsentSignature.objects.count() == 4
    assert Visit.objects.get().status == "booked"


def test_questions_come_and_go_with_the_answers_before_them(page):
    page.get_by_role("button", name="Begin the questions").click()
    severity = page.get_by_text("Which comes closest to how it is now?")

    expect(severity).to_be_hidden()
    choose(page, "What would you like treated most?", "Acne")
    expect(severity).to_be_visible()
    choose(page, "What would you like treated most?", "Rosacea (a red face)")
    expect(severity).to_be_hidden()


def test_none_of_these_takes_the_other_ticks_back(page):
    page.get_by_role("button", name="Begin the questions").click()
    treatments = page.get_by_role("group", name="Choose every treatment")

    treatments.get_by_label("Creams or gels").check()
    treatments.get_by_label("None of these").check()

    expect(treatments.get_by_label("Creams or gels")).not_to_be_checked()


def test_a_red_flag_shows_at_once_whom_to_call(page):
    page.get_by_role("button", name="Begin the questions").click()
    at(page, "Your skin")
    page.goto("/me/intake/mood")
    thoughts = page.get_by_role("group", name="Thoughts that you would be better off dead")
    hotline = page.get_by_role("link", name="Yorisoi Hotline 0120-279-338")

    expect(hotline).to_be_hidden()
    thoughts.get_by_label("Several days").check()

    expect(hotline).to_be_visible()


def test_what_was_typed_is_there_again_after_leaving_without_saving(page):
    page.get_by_role("button", name="Begin the questions").click()
    at(page, "Your skin")
    page.goto("/me/intake/medicines")
    page.get_by_label("Medicine 1").fill("loxoprofen")
    page.get_by_role("button", name="Add another").click()
    page.get_by_label("Medicine 2").fill("zinc")

    page.goto("/me/visits")
    page.goto("/me/intake/medicines")

    expect(page.get_by_label("Medicine 1")).to_have_value("loxoprofen")
    expect(page.get_by_label("Medicine 2")).to_have_value("zinc")
