import smtplib

import pytest
from django.core.mail.backends.locmem import EmailBackend

from backend.accounts.models import User
from backend.audit.models import AuditEntry
from tests.accounts.person import Person, signed_in
from tests.factories.accounts import ClinicFactory, PatientFactory

pytestmark = pytest.mark.django_db


class BrokenMail(EmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, _messages):
        raise smtplib.SMTPServerDisconnected("gone")


BROKEN_MAIL = f"{__name__}.BrokenMail"


def test_who_signs_up_and_enters_the_mailed_code_is_signed_in_as_a_patient():
    person = Person()

    waiting = person.sign_up()
    inside = person.verify()

    assert waiting.status_code == 401
    assert {"id": "verify_email", "is_pending": True} in waiting.json()["data"]["flows"]
    assert inside.status_code == 200
    assert person.get("/v1/me").json()["role"] == "patient"


def test_nobody_is_signed_in_before_the_code_is_entered():
    person = Person()

    person.sign_up()

    assert person.token
    assert person.get("/v1/me").status_code == 401


def test_a_wrong_code_does_not_verify_and_the_third_ends_the_sign_up():
    person = Person()
    person.sign_up()
    right = person.mailed_code()

    wrong = [person.verify("AAAA-AAAA").status_code for _ in range(3)]

    assert wrong == [400, 400, 400]
    assert person.verify(right).status_code == 409
    assert AuditEntry.objects.filter(outcome="refused").count() == 3


def test_the_session_token_changes_when_the_person_is_let_in():
    person = Person()
    person.sign_up()
    before = person.token

    person.verify()

    after, person.token = person.token, before
    assert after != before
    assert person.get("/v1/me").status_code == 401


def test_a_known_address_gets_the_same_answer_as_an_unknown_one():
    known, unknown = signed_in(PatientFactory()), Person()
    again = Person(known.email)

    answers = [again.sign_up(), unknown.sign_up()]

    bodies = [answer.json() for answer in answers]
    for body in bodies:
        body["meta"].pop("session_token")
    assert [answer.status_code for answer in answers] == [401, 401]
    assert bodies[0] == bodies[1]
    assert "There is an account" in again.mails()[-1].body
    assert User.objects.filter(email=known.email).count() == 1


@pytest.mark.parametrize("password", ["short", "password1234567890" * 10, "1qaz2wsx3edc"])
def test_a_weak_or_endless_password_is_refused(password):
    person = Person()

    answer = person.sign_up(password)

    assert answer.status_code == 400
    assert {error["param"] for error in answer.json()["errors"]} == {"password"}
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("language", "subject"), [("ja", "確認コードのお知らせ"), ("en", "Your confirmation code")]
)
def test_the_mail_speaks_the_readers_language_and_names_no_illness(language, subject):
    person = Person(language=language)

    person.sign_up()

    (message,) = person.mails()
    assert message.subject == subject
    words = (message.subject + message.body).lower()
    assert not [w for w in ("acne", "isotretinoin", "にきび", "ニキビ", "薬") if w in words]


def test_a_mail_that_cannot_go_out_undoes_the_sign_up(settings):
    settings.EMAIL_BACKEND = BROKEN_MAIL
    person = Person()

    answer = person.sign_up()

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer["Retry-After"]
    assert not User.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_sign_up_succeeds_once_the_mail_server_is_back(settings):
    person = Person()
    settings.EMAIL_BACKEND = BROKEN_MAIL
    person.sign_up()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    person.token = ""

    answer = person.sign_up()

    assert answer.status_code == 401
    assert person.verify().status_code == 200


def test_without_redis_nobody_signs_up_and_the_answer_is_a_clear_503(settings):
    cache = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": cache}

    answer = Person().sign_up()

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 2000,
        b'{"email": "a\\u0000@example.test", "password": "correct horse battery"}',
        b'{"email": "a@example.test", "password": "\\ud800 correct horse"}',
        b'{"email": "a@example.test", "email": "b@example.test"}',
        b"\xff\xfe",
        b"[]",
    ],
)
def test_a_body_that_v1_would_refuse_is_refused_here_too(client, body):
    answer = client.generic(
        "POST", "/_allauth/app/v1/auth/signup", body, content_type="application/json"
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


def test_a_body_of_more_than_a_megabyte_is_refused(client):
    body = b'{"email": "' + b"a" * 1_000_001 + b'"}'

    answer = client.generic(
        "POST", "/_allauth/app/v1/auth/signup", body, content_type="application/json"
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_signing_up_leaves_an_entry_for_the_account_its_address_and_the_sign_in():
    person = Person()

    person.sign_up()
    person.verify()

    user = User.objects.get()
    entries = AuditEntry.objects.order_by("id").values_list("action", "object_ref", "actor")
    who = f"patient:{user.ref}"
    assert list(entries) == [
        ("user.sign_up", user.ref, who),
        ("user.send_mail", user.ref, "job:sign_in"),
        ("user.verify_email", user.ref, who),
        ("user.sign_in", user.ref, who),
    ]


def test_a_newcomer_makes_the_profile_and_is_a_patient_of_the_clinic():
    clinic = ClinicFactory()
    person = Person()
    person.sign_up()
    person.verify()

    seen = person.get("/v1/clinics").json()["data"]
    made = person.post(
        "/v1/patients",
        {
            "clinic": seen[0]["id"],
            "name": "山田 花子",
            "name_kana": "ヤマダ ハナコ",
            "birth_on": "2001-06-15",
            "zone": "Asia/Tokyo",
        },
    )

    me = person.get("/v1/me").json()
    assert made.status_code == 201
    assert (me["patient"], me["clinic"]) == (made.json()["id"], clinic.ref)
    assert me["name"] == "山田 花子"


def test_before_the_profile_everything_else_asks_for_it():
    stranger = PatientFactory()
    person = Person()
    person.sign_up()
    person.verify()

    answer = person.get(f"/v1/patients/{stranger.ref}")

    assert (answer.status_code, answer.json()["code"]) == (403, "profile_required")
