"""Signing in on a page: by password, by code, with a second factor; and what it gives away."""

import re

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore

from backend.accounts.models import User
from backend.audit.models import AuditEntry
from tests.accounts.person import Person, code_for, signed_in
from tests.factories import accounts
from tests.portals.entrance.guest import Guest, with_password
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
TOKENS = re.compile(rb'value="[A-Za-z0-9]{64}"|"X-CSRFToken": "\w+"')


def page_without(answer, *texts):
    """A page's bytes without its CSRF tokens and these texts."""
    page = TOKENS.sub(b"", answer.content)
    for text in texts:
        page = page.replace(text.encode(), b"")
    return page


def outcomes():
    return [f"{e.action} {e.outcome}" for e in AuditEntry.objects.order_by("id")]


def test_a_password_leads_to_the_persons_own_pages():
    patient = with_password(accounts.PatientFactory())
    guest = Guest(patient.user.email)

    answer = guest.sign_in()

    assert (answer.status_code, answer["Location"]) == (302, "/home")
    assert guest.get("/home")["Location"] == "/me/"
    assert guest.get("/me/").status_code == 200
    assert "user.sign_in done" in outcomes()


def test_a_physician_lands_in_front_of_the_queue():
    guest = Guest(with_password(accounts.PhysicianFactory()).user.email)

    guest.sign_in()

    assert guest.get("/home")["Location"] == "/physician/"


def test_a_mailed_code_opens_the_account_without_a_password():
    guest = Guest(with_password(accounts.PatientFactory()).user.email)

    asked = guest.ask_for_code()
    answer = guest.send(asked["Location"], code=guest.mailed_code())

    assert (answer.status_code, answer["Location"]) == (302, "/home")
    assert guest.get("/me/").status_code == 200
    assert "Your sign-in code" in guest.letter().subject


def test_a_code_for_signing_in_is_not_offered_on_the_api():
    person = Person(with_password(accounts.PatientFactory()).user.email)

    answer = person.send("POST", "/auth/code/request", {"email": person.email})

    assert answer.status_code == 404


def test_a_wrong_code_is_refused_in_words_and_the_third_ends_it():
    guest = Guest(with_password(accounts.PatientFactory()).user.email)
    confirm = guest.ask_for_code()["Location"]

    answers = [guest.send(confirm, code="AAAA-AAAA") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422, 422, 302]
    assert "Incorrect code" in text_of(answers[0])
    assert guest.get("/me/").status_code == 302


def test_the_second_factor_is_asked_for_on_a_page_of_its_own():
    with time_machine.travel("2026-11-22T10:00:05Z"):
        person = signed_in(accounts.AdministratorFactory())
        person.prove()
        secret = person.start_totp()
        person.send("POST", "/account/authenticators/totp", {"code": code_for(secret)})
    guest = Guest(person.email)

    with time_machine.travel("2026-11-22T10:01:05Z"):
        half_way = guest.sign_in()
        wrong = guest.send("/account/mfa/authenticate/", code="000000")
        inside = guest.send("/account/mfa/authenticate/", code=code_for(secret))

    assert half_way["Location"] == "/account/mfa/authenticate/"
    assert wrong.status_code == 422
    assert inside["Location"] == "/home"


def test_the_session_changes_its_key_when_somebody_is_let_in():
    guest = Guest(with_password(accounts.PatientFactory()).user.email)
    planted = SessionStore()
    planted.create()
    guest.client.cookies["sessionid"] = planted.session_key

    guest.sign_in()

    assert guest.get("/me/").status_code == 200
    assert guest.session_key != planted.session_key
    stranger = Reader()
    stranger.client.cookies["sessionid"] = planted.session_key
    assert stranger.get("/me/").status_code == 302


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_page(language):
    known = Guest(with_password(accounts.PatientFactory()).user.email, language=language)
    unknown = Guest(language=language)

    answers = [guest.sign_in("wrong wrong wrong") for guest in (known, unknown)]

    assert [answer.status_code for answer in answers] == [422, 422]
    pages = [page_without(answers[0], known.email), page_without(answers[1], unknown.email)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    "ask",
    [
        Guest.ask_for_code,
        Guest.sign_up,
        lambda guest: guest.send("/account/password/reset/", email=guest.email),
    ],
    ids=["code", "sign-up", "reset"],
)
def test_a_known_and_an_unknown_address_are_asked_for_the_code_alike(ask):
    known, unknown = Guest(with_password(accounts.PatientFactory()).user.email), Guest()

    asked = [ask(guest) for guest in (known, unknown)]

    assert [answer.status_code for answer in asked] == [302, 302]
    assert asked[0]["Location"] == asked[1]["Location"]
    pages = [
        page_without(guest.get(asked[0]["Location"]), guest.email) for guest in (known, unknown)
    ]
    assert pages[0] == pages[1]
    assert known.letter()
    assert unknown.letter()


def test_a_deactivated_account_is_told_so_and_stays_out():
    guest = Guest(with_password(accounts.PatientFactory()).user.email)
    User.objects.filter(email=guest.email).update(is_active=False)

    answer = guest.sign_in()

    assert answer["Location"] == "/account/inactive/"
    assert guest.get("/me/").status_code == 302
    assert outcomes()[-1] == "user.sign_in refused"


def test_signing_out_ends_the_session_and_asks_nothing_by_get():
    guest = Guest(with_password(accounts.PatientFactory()).user.email)
    guest.sign_in()

    asked = guest.get("/account/logout/")
    inside = guest.get("/me/").status_code
    answer = guest.send("/account/logout/")

    assert (asked.status_code, inside) == (200, 200)
    assert answer["Location"] == "/"
    assert guest.get("/me/").status_code == 302
