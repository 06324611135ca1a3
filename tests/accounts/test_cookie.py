"""The session cookie of the pages: it changes things too, with the CSRF token."""

import json
import uuid

import pytest
from django.test import Client

from tests.accounts.person import PASSWORD, Person
from tests.factories.accounts import ClinicFactory

pytestmark = pytest.mark.django_db
PROFILE = {
    "name": "山田 花子",
    "name_kana": "ヤマダ ハナコ",
    "birth_on": "2001-06-15",
    "zone": "Asia/Tokyo",
}


@pytest.fixture
def browser():
    """Somebody without a profile, signed in with a cookie."""
    person = Person()
    person.sign_up()
    person.verify()
    found = Client(enforce_csrf_checks=True, REMOTE_ADDR=person.client.defaults["REMOTE_ADDR"])
    found.get("/_allauth/browser/v1/config")
    answer = found.post(
        "/_allauth/browser/v1/auth/login",
        json.dumps({"email": person.email, "password": PASSWORD}),
        content_type="application/json",
        HTTP_X_CSRFTOKEN=found.cookies["csrftoken"].value,
    )
    assert answer.status_code == 200
    return found


def post(browser, body, *, token=None, content_type="application/json"):
    return browser.post(
        "/v1/patients",
        body,
        content_type=content_type,
        HTTP_IDEMPOTENCY_KEY=uuid.uuid4().hex,
        HTTP_X_CSRFTOKEN=token or browser.cookies["csrftoken"].value,
    )


def test_with_the_token_it_changes_things(browser):
    body = {**PROFILE, "clinic": ClinicFactory().ref}

    answer = post(browser, json.dumps(body))

    assert answer.status_code == 201, answer.json()
    assert browser.get("/v1/me").json()["patient"] == answer.json()["id"]


def test_with_another_token_it_does_not(browser):
    answer = post(browser, "{}", token="x" * 32)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_form_is_turned_away_as_for_everybody(browser, content_type):
    answer = post(browser, "a=b", content_type=content_type)

    assert answer.status_code == 415


def test_a_body_that_is_too_large_is_too_large_here_as_well(browser):
    answer = post(browser, json.dumps({"name": "x" * 1_000_001}))

    assert answer.status_code == 413
