"""By keys alone, without JavaScript, and what the browser must not be let into."""

import re
from importlib import import_module

import pytest
from django.conf import settings
from playwright.sync_api import expect

from backend import clock
from backend.followups.models import CheckIn
from backend.prescriptions.models import Prescription
from tests.browser.devices import DESK, PHONE
from tests.browser.house import House
from tests.browser.journeys.patients_part import PatientsPart
from tests.browser.journeys.walker import Walker
from tests.browser.pages import PAGES
from tests.factories import followups
from tests.factories.accounts import PatientFactory
from tests.factories.prescriptions import ready_prescription
from tests.policy.things import things_of
from tests.policy.world import clinic_with_everyone
from tests.portals.entrance.guest import PASSWORD, with_password

pytestmark = pytest.mark.django_db(transaction=True)
THEIRS = re.compile(r"<\w+:(?!section_id|document_id)\w+_id>")  # those two are everybody's
SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


def test_a_prescription_is_approved_by_keys_alone(visit):
    row = ready_prescription()
    doctor = Walker(visit(DESK, row.created_by), "keys")
    keys = doctor.page.keyboard

    doctor.opens("/physician/")
    keys.press("j")
    expect(doctor.page.get_by_role("row").get_by_role("link").first).to_be_focused()
    keys.press("Enter")
    doctor.sees("Nothing stands against an approval.")
    doctor.page.wait_for_load_state()
    keys.press("a")
    approve = doctor.page.get_by_role("button", name=doctor.say("Approve and sign"))
    expect(approve).to_be_focused()
    keys.press("Enter")
    doctor.sees("Nothing waits for review")

    assert Prescription.objects.get(pk=row.pk).status == "approved"


def test_escape_leaves_the_dialog_and_nothing_is_signed(visit):
    row = ready_prescription()
    doctor = Walker(visit(DESK, row.created_by), "keys")
    dialog = doctor.page.get_by_role("dialog", name=doctor.say("Approve and sign?"))

    doctor.opens(f"/physician/prescriptions/{row.ref}")
    doctor.page.keyboard.press("a")
    expect(dialog).to_be_visible()
    doctor.page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    assert Prescription.objects.get(pk=row.pk).status == "in_review"


def test_a_check_in_is_answered_without_javascript(visit):
    asked = followups.make_followed(at=clock.now(None), patient=PatientFactory())
    anna = PatientsPart(visit(PHONE.without_script(), asked.patient), "no-script")

    anna.opens(f"/me/check-ins/{asked.ref}")
    anna.fills_the_check_in()
    anna.presses("Send")
    anna.reads("Your answers have arrived")

    assert CheckIn.objects.get(pk=asked.pk).status == "answered"


def test_a_session_that_somebody_planted_is_worth_nothing_after_the_sign_in(visit):
    anna, eve = visit(PHONE), visit(PHONE)
    patient = with_password(PatientFactory())
    planted = SessionStore()
    planted.create()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": planted.session_key}
    for window in (anna, eve):
        window.context.add_cookies([{**cookie, "domain": "localhost", "path": "/"}])

    walker = Walker(anna, "fixation")
    walker.opens("/account/login/?next=/me/")
    anna.page.get_by_role("textbox").first.fill(patient.user.email)
    anna.page.locator("input[type=password]").fill(PASSWORD)
    anna.page.get_by_role("main").get_by_role("button", name=walker.say("Sign in")).first.click()
    walker.reads("The steps to your treatment")
    eve.go("/me/")

    Walker(eve, "fixation").reads("Sign in")
    held = {each["name"]: each["value"] for each in anna.context.cookies()}
    assert held[settings.SESSION_COOKIE_NAME] != planted.session_key


def test_what_is_another_patients_is_not_there(visit):
    world = clinic_with_everyone()
    house = House(world, things_of(world))
    eve = visit(PHONE, PatientFactory(clinic=world.clinic))
    eve.expected.append("status of 404")
    theirs = [page for page in PAGES if page.who == "patient" and THEIRS.search(page.route)]

    answers = {page.path(house): eve.go(page.path(house)).status for page in theirs}

    assert len(answers) >= 3
    assert set(answers.values()) == {404}, answers
