"""What somebody does who opens a demonstration and knows nothing: up to the first approval."""

from importlib import import_module

import pytest
from django.conf import settings as configured
from playwright.sync_api import expect

from backend.prescriptions.models import Prescription
from tests.browser.devices import DESK
from tests.browser.journeys.walker import Walker
from tests.factories.prescriptions import ready_prescription
from tests.portals.entrance.guest import PASSWORD, with_password

pytestmark = pytest.mark.django_db(transaction=True)
SessionStore = import_module(configured.SESSION_ENGINE).SessionStore
MOST_TABS = 40


@pytest.fixture
def row(settings):
    """What waits for the one physician of a demonstration."""
    settings.SANDBOX, settings.DEMONSTRATION_PASSWORD = True, PASSWORD
    settings.PRESCRIBER_MFA_REQUIRED = False
    row = ready_prescription()
    doctor = with_password(row.created_by.staff_member)
    doctor.user.email = "sato@clinic.example"
    doctor.user.save()
    doctor.user.emailaddress_set.update(email=doctor.user.email)
    return row


def an_hour_passes_since_the_sign_in(window):
    """What was proved then no longer counts as fresh."""
    cookies = {each["name"]: each["value"] for each in window.context.cookies()}
    session = SessionStore(cookies[configured.SESSION_COOKIE_NAME])
    methods = session["account_authentication_methods"]
    session["account_authentication_methods"] = [
        {**each, "at": each["at"] - 3600} for each in methods
    ]
    session.save()


def tab_to(found):
    """Tab until this has the focus, as somebody does who has no mouse."""
    for _ in range(MOST_TABS):
        if found.evaluate("element => element === document.activeElement"):
            return
        found.page.keyboard.press("Tab")
    raise AssertionError(f"not reached by Tab: {found}")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_from_the_sign_in_page_to_the_first_approval_by_clicking(visit, row, language):
    doctor = Walker(visit(DESK.speaking(language)), f"demonstration-{language}")

    doctor.opens("/physician/")
    doctor.follows("Sign in as somebody who is invented")
    person = doctor.page.get_by_role("listitem").filter(has_text=row.created_by.email)
    doctor.presses(f"{doctor.say('Sign in')} {row.created_by.staff_member.name}", within=person)
    doctor.follows(row.patient.name)
    doctor.sees("Nothing stands against an approval.")
    doctor.page.get_by_role("link", name=doctor.say("Approve")).click()
    doctor.presses("Approve and sign")
    doctor.reads("Waiting for review", "approved")

    doctor.sees("Nothing waits for review")
    assert Prescription.objects.get(pk=row.pk).status == "approved"


def test_the_same_by_keys_alone_with_a_proof_that_nobody_has_to_know(visit, row):
    doctor = Walker(visit(DESK), "demonstration-keys")
    page, keys = doctor.page, doctor.page.keyboard

    doctor.opens("/")
    name = f"{doctor.say('Sign in')} {row.created_by.staff_member.name}"
    tab_to(page.get_by_role("button", name=name))
    keys.press("Enter")
    doctor.reads("Waiting for review")
    an_hour_passes_since_the_sign_in(doctor.window)
    page.wait_for_load_state()
    keys.press("j")
    expect(page.get_by_role("row").get_by_role("link").first).to_be_focused()
    keys.press("Enter")
    doctor.sees("Nothing stands against an approval.")
    page.wait_for_load_state()
    keys.press("a")
    doctor.reads("Confirm that it is you", "proof")
    tab_to(page.get_by_label(doctor.say("Password")))
    keys.press("Enter")
    page.wait_for_load_state()
    expect(page.get_by_role("button", name=doctor.say("Approve and sign"))).to_be_focused()
    keys.press("Enter")
    doctor.sees("Nothing waits for review")

    assert Prescription.objects.get(pk=row.pk).status == "approved"
