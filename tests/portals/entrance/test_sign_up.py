"""Signing up, and setting a new password, with mailed codes."""

import pytest

from backend.accounts.models import User
from tests.accounts.test_sign_up import BROKEN_MAIL
from tests.factories import accounts
from tests.portals.entrance.guest import Guest, with_password
from tests.portals.reader import text_of

pytestmark = pytest.mark.django_db
NEW = "another horse battery"


def test_who_signs_up_and_enters_the_code_is_led_to_a_profile():
    guest = Guest()

    asked = guest.sign_up()
    answer = guest.send(asked["Location"], code=guest.mailed_code())

    assert answer["Location"] == "/home"
    assert guest.get("/me/")["Location"] == "/me/welcome"


def test_nobody_needs_a_password_a_code_signs_in_again():
    guest = Guest()
    asked = guest.sign_up("")
    guest.send(asked["Location"], code=guest.mailed_code())

    again = Guest(guest.email)
    sent = again.send("/account/login/code/", email=again.email)
    answer = again.send(sent["Location"], code=again.mailed_code())

    assert answer["Location"] == "/home"
    assert not User.objects.get(email=guest.email).has_usable_password()


def test_without_a_password_no_password_signs_in():
    guest = Guest()
    asked = guest.sign_up("")
    guest.send(asked["Location"], code=guest.mailed_code())

    assert [Guest(guest.email).sign_in(said).status_code for said in ("", "None", "!")] == [422] * 3


def test_who_has_no_password_may_set_one():
    guest = Guest()
    asked = guest.sign_up("")
    guest.send(asked["Location"], code=guest.mailed_code())

    guest.send("/account/password/set/", password1=NEW, password2=NEW)

    assert Guest(guest.email).sign_in(NEW)["Location"] == "/home"


def test_a_weak_password_is_refused_beside_its_field():
    guest = Guest()

    answer = guest.sign_up("short")

    assert answer.status_code == 422
    assert "at least 12 characters" in text_of(answer)
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not User.objects.exists()


def test_a_mail_that_cannot_go_undoes_the_sign_up_and_says_so(settings):
    settings.EMAIL_BACKEND = BROKEN_MAIL
    guest = Guest(language="ja")

    answer = guest.sign_up()

    assert answer.status_code == 503
    assert "メールを送信できませんでした" in text_of(answer)
    assert not User.objects.exists()


def test_a_forgotten_password_is_set_anew_with_a_code():
    guest = Guest(with_password(accounts.PatientFactory()).user.email)

    asked = guest.send("/account/password/reset/", email=guest.email)
    confirmed = guest.send(asked["Location"], code=guest.mailed_code())
    guest.send(confirmed["Location"], password1=NEW, password2=NEW)

    assert Guest(guest.email).sign_in().status_code == 422
    assert Guest(guest.email).sign_in(NEW)["Location"] == "/home"


def test_staff_who_are_invited_find_the_page_of_the_letter():
    guest = Guest()

    answer = guest.get("/account/password/reset/")

    assert answer.status_code == 200
