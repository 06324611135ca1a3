"""The door round /account/: forms, frames, addresses to come back to, limits, entries, failures."""

import re

import pytest

from backend.audit.models import AuditEntry
from tests.factories import accounts
from tests.portals.entrance.guest import Guest, with_password
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
FOR_NOBODY = [
    "/account/login/",
    "/account/signup/",
    "/account/login/code/",
    "/account/password/reset/",
    "/account/inactive/",
]
FOR_SOMEBODY = [
    "/account/",
    "/account/email/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/account/logout/",
    "/account/mfa/",
    "/account/mfa/webauthn/",
]
AFTER_A_PROOF = [
    "/account/mfa/totp/activate/",
    "/account/mfa/webauthn/add/",
]
FORMS = [
    *(path for path in FOR_NOBODY if path != "/account/inactive/"),
    *(path for path in FOR_SOMEBODY if path not in {"/account/", "/account/mfa/"}),
    *AFTER_A_PROOF,
    "/account/mfa/webauthn/login/",
    "/account/mfa/authenticate/",
    "/account/mfa/reauthenticate/",
    "/account/mfa/recovery-codes/generate/",
    "/account/login/code/confirm/",
    "/account/confirm-email/",
    "/language",
]
ELSEWHERE = ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]


def somebody(language="en"):
    return Reader(with_password(accounts.PatientFactory()), language=language)


@pytest.mark.parametrize("path", FORMS)
def test_every_form_refuses_to_be_sent_without_its_token(path):
    answer = somebody().client.post(path, {"login": "a", "email": "a@example.test"})

    assert answer.status_code == 403
    assert "Load the page again" in text_of(answer)


def test_a_refused_form_says_why_in_japanese():
    answer = Reader(language="ja").client.post("/account/login/", {})

    assert answer.status_code == 403
    assert "読み込み直して" in text_of(answer)


@pytest.mark.parametrize("path", [*FOR_NOBODY, *FOR_SOMEBODY, *AFTER_A_PROOF])
def test_no_page_may_be_framed_kept_or_run_anything_inline(path):
    reader = Reader(language="en") if path in FOR_NOBODY else somebody()

    answer = reader.get(path)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    scripts = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", page)
    assert [tag for tag in scripts if 'type="application/json"' not in tag] == []
    assert re.findall(r"<style|\sstyle=|\son\w+=", page) == []


@pytest.mark.parametrize("path", [*FOR_NOBODY, *FOR_SOMEBODY, *AFTER_A_PROOF])
def test_no_english_is_left_on_a_japanese_page(path):
    reader = Reader(language="ja") if path in FOR_NOBODY else somebody("ja")

    answer = reader.get(path)

    said = re.sub(r"\S+@\S+|JavaScript|QR|[A-Z2-7]{32}", "", text_of(answer))
    assert answer.status_code == 200
    assert re.findall(r"[A-Za-z]{2,}", said) == []


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_sent_elsewhere_after_signing_in(address):
    guest = Guest(with_password(accounts.PatientFactory()).user.email)

    answer = guest.sign_in(next=address)

    assert answer["Location"] == "/home"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_sent_elsewhere_by_choosing_a_language(address):
    answer = Guest().send("/language", on="/account/login/", language="ja", next=address)

    assert answer["Location"] == "/"


def test_who_was_sent_to_sign_in_comes_back():
    guest = Guest(with_password(accounts.PatientFactory()).user.email)

    answer = guest.sign_in(next="/me/welcome")

    assert answer["Location"] == "/me/welcome"


def test_the_language_changes_and_the_page_stays():
    guest = Guest(language="en")

    answer = guest.send("/language", on="/account/login/", language="ja", next="/account/login/")

    assert answer["Location"] == "/account/login/"
    assert 'lang="ja"' in guest.get("/account/login/").content.decode()


def test_a_patient_reads_the_account_pages_in_the_language_of_the_record():
    patient = with_password(accounts.PatientFactory(language="en"))
    reader = Reader(patient)
    del reader.client.cookies["django_language"]

    page = reader.get("/account/").content.decode()

    assert 'lang="en"' in page


@pytest.mark.parametrize("language", ["ja", "en"])
def test_too_many_sign_ups_from_one_place_are_told_to_wait(language):
    guest = Guest(language=language)

    answers = [guest.send("/account/signup/") for _ in range(21)]

    assert [answer.status_code for answer in answers] == [422] * 20 + [429]
    assert answers[-1]["Retry-After"] == "60"
    assert ("wait a minute" if language == "en" else "1分ほど") in text_of(answers[-1])


def test_the_sixth_guess_at_one_account_is_turned_away():
    email = with_password(accounts.PatientFactory()).user.email
    for _ in range(5):
        Guest(email).sign_in("wrong wrong wrong")

    answer = Guest(email).sign_in()

    assert answer.status_code == 422
    assert "Too many failed" in text_of(answer)


def test_without_redis_nobody_signs_in_and_the_page_says_so(settings):
    guest = Guest(with_password(accounts.PatientFactory()).user.email)
    cache = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": cache}

    answer = guest.sign_in()

    assert answer.status_code == 503
    assert answer["Content-Type"].startswith("text/html")


def test_looking_at_ones_account_and_a_refused_change_leave_entries():
    guest = somebody()
    known = set(AuditEntry.objects.values_list("id", flat=True))

    guest.get("/account/mfa/")
    guest.client.post("/account/email/", {"email": "no address", "action_add": "1"})

    left = AuditEntry.objects.exclude(id__in=known).order_by("id")
    assert [(entry.action, entry.outcome) for entry in left] == [
        ("user.read_account", "done"),
        ("user.change_account", "refused"),
    ]
