"""Ways in, by hand: passkey, e-mail code, password and the code of an app."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from backend.audit.models import AuditEntry
from tests.accounts.person import code_for
from tests.browser.account_pages import mailed_code
from tests.browser.keys import PASSWORD, TOTP_SECRET, give_password
from tests.browser.people import add_authenticator
from tests.factories import accounts

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "The steps to your treatment"


@pytest.fixture
def patient():
    patient = accounts.PatientFactory(language="en")
    give_password(patient)
    return patient


@pytest.fixture
def phone_keys(phone_en):
    """What keeps the passkeys of the phone; its owner's finger fits."""
    return add_authenticator(phone_en)


@pytest.fixture
def page(phone_en, phone_keys, patient):
    """The patient's phone, signed in by password."""
    phone_en.go("/account/login/")
    sign_in_by_password(phone_en.page, patient)
    heading(phone_en.page, HOME)
    return phone_en.page


def sign_in_by_password(page, who):
    page.get_by_label("Email").fill(who.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def sign_out(page):
    page.get_by_role("button", name="Sign out").click()
    heading(page, "Isotretinoin care online")


def add_a_passkey(page):
    page.get_by_role("link", name="Account").click()
    page.get_by_role("link", name="Passkeys and two factors").click()
    page.get_by_role("link", name="Add a passkey").click()
    heading(page, "Confirm that it is you")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    heading(page, "Add a passkey")
    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    heading(page, "Recovery codes")
    page.goto("/account/mfa/webauthn/")
    expect(page.get_by_text("My phone")).to_be_visible()


def sign_in_by_passkey(page):
    page.get_by_role("link", name="Sign in", exact=True).first.click()
    page.get_by_role("button", name="Sign in with a passkey").click()


def an_hour_passes():
    """Since the last proof, for everybody who is signed in."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        proofs = session["account_authentication_methods"]
        session["account_authentication_methods"] = [
            {**proof, "at": proof["at"] - 3600} for proof in proofs
        ]
        session.save()


def test_a_passkey_made_on_the_account_page_signs_in_and_proves_who_one_is(page, phone_keys):
    add_a_passkey(page)
    sign_out(page)

    sign_in_by_passkey(page)
    heading(page, HOME)
    an_hour_passes()
    page.goto("/account/mfa/webauthn/add/")
    heading(page, "Confirm that it is you")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()

    heading(page, "Add a passkey")
    (key,) = phone_keys.passkeys()
    assert (key["rpId"], key["isResidentCredential"]) == ("localhost", True)
    assert AuditEntry.objects.filter(action="user.sign_in", outcome="done").count() == 2


def test_a_finger_that_does_not_fit_opens_nothing_and_is_told_what_else_there_is(page, phone_keys):
    add_a_passkey(page)
    sign_out(page)
    phone_keys.verifies(False)

    sign_in_by_passkey(page)

    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used.")
    page.goto("/me/")
    heading(page, "Sign in")


def test_a_code_by_mail_opens_the_account_without_a_password(phone_en, patient):
    page = phone_en.page
    phone_en.go("/account/login/")

    page.get_by_role("link", name="Get a code by e-mail").click()
    page.get_by_label("Email").fill(patient.user.email)
    page.get_by_role("button", name="Send me the code").click()
    heading(page, "Enter the code")
    page.get_by_label("Code").fill(mailed_code(patient.user.email))
    page.get_by_role("button", name="Continue").click()

    heading(page, HOME)


def test_a_physician_shows_the_password_and_the_apps_code(desk_en, settings):
    settings.MFA_TOTP_TOLERANCE = 3  # periods of 30 s: a loaded machine takes its time to press
    physician = accounts.PhysicianFactory()
    give_password(physician)
    TOTP.activate(physician.user, TOTP_SECRET)
    page = desk_en.page
    desk_en.go("/physician/")

    sign_in_by_password(page, physician)
    heading(page, "Second step")
    page.get_by_label("Code").fill(code_for(TOTP_SECRET))
    page.get_by_role("button", name="Sign in", exact=True).click()

    heading(page, "Waiting for review")
    proofs = Session.objects.get().get_decoded()["account_authentication_methods"]
    assert [proof["method"] for proof in proofs] == ["password", "mfa"]
