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
