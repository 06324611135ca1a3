"""What no browser sends and attackers do: each is refused precisely, and nothing changes."""

import pytest
from django.conf import settings as configured
from django.core import mail

from backend.accounts.models import Patient
from backend.prescriptions.models import SignOff
from tests.factories import accounts
from tests.factories.prescriptions import ready_patient, ready_prescription
from tests.portals.entrance.guest import with_password
from tests.portals.physician.reviewing import send
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
BORN = {
    "name": "山田 花子",
    "name_kana": "ヤマダ ハナコ",
    "birth_on_month": "6",
    "birth_on_day": "15",
    "zone": "Asia/Tokyo",
    "language": "ja",
}


@pytest.mark.parametrize("year", ["9" * 11, "9" * 5000, "0", "-1", "²", "1e3", "20\x0001"])
def test_a_year_that_is_none_is_refused_at_its_field(year):
    clinic, newcomer = accounts.ClinicFactory(), accounts.UserFactory()

    answer = Reader(newcomer).send("/me/welcome", **BORN, clinic=clinic.ref, birth_on_year=year)

    assert answer.status_code == 422
    assert 'id="id_birth_on_error"' in answer.content.decode()
    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    "evidence",
    [
        "[" * 100_000,
        "1" * 5000,
        '{"a":' * 500 + "1" + "}" * 500,
        '{"a": NaN}',
        '{"a": 1e400}',
        '{"a": 1, "a": 2}',
        '{"a": "\\ud800"}',
        '"text"',
        "{",
        "\x00",
    ],
    ids=lambda text: text[:8].encode("unicode_escape").decode(),
)
def test_evidence_that_no_page_held_is_refused(evidence):
    row = ready_prescription(ready_patient(said={"conditions": {"conditions": ["ibd"]}}))
    colleague = accounts.PhysicianFactory(clinic=row.clinic)

    answer = send(colleague, row, "sign_off", rule="C-20", evidence=evidence, reason="in remission")

    assert answer.status_code == 422
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("login", ["a\x00b@demo.example", "\x00"])
def test_a_login_with_a_character_that_no_name_has_is_nobodys(settings, login):
    settings.SANDBOX, settings.DEMONSTRATION_PASSWORD = True, "correct horse battery"

    answer = Reader().send("/account/demonstration", on="/account/login/", login=login)

    assert answer.status_code == 404


@pytest.mark.parametrize(("language", "said"), [("en", "To the start"), ("ja", "最初のページへ")])
def test_a_person_at_an_address_that_is_none_reads_so_on_a_page(language, said):
    reader = Reader(accounts.PatientFactory(), language=language)

    page = reader.client.get("/me/no_such_page", headers={"Accept": BROWSER})

    assert (page.status_code, page["Cache-Control"]) == (404, "no-store")
    assert said in text_of(page)


def test_a_program_at_an_address_that_is_none_reads_a_problem():
    client = Reader().client

    programs = client.get("/no_such_path", headers={"Accept": "*/*"})
    persons = client.get("/v1/no_such_path", headers={"Accept": BROWSER})

    assert programs["Content-Type"] == persons["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body", ["a=1&" * 2000, "a=" + "x" * 1_100_000], ids=["many_fields", "large"]
)
def test_a_form_that_is_too_large_is_refused_on_a_page(body):
    client = Reader(accounts.PatientFactory()).client
    client.cookies[configured.CSRF_COOKIE_NAME] = "a" * 32

    answer = client.post(
        "/me/intake",
        body,
        content_type="application/x-www-form-urlencoded",
        headers={"Accept": BROWSER},
    )

    assert answer.status_code == 400
    assert "The input is not valid" in text_of(answer)


@pytest.mark.parametrize("report", ["[" * 9000, "1" * 9000, "[]", "\x00", '{"csp-report": []}'])
def test_a_report_that_is_none_is_taken_without_a_word(report):
    answer = Reader().client.post("/csp-report", report, content_type="application/csp-report")

    assert answer.status_code == 204


def test_an_open_screen_is_not_enough_to_change_the_address_of_an_account():
    who = with_password(accounts.PatientFactory())
    own = who.user.email

    stale, fresh = (
        Reader(who, fresh=is_fresh).send(
            "/account/email/", on="/account/", action_add="", email=f"{is_fresh}@example.test"
        )
        for is_fresh in (False, True)
    )

    assert stale["Location"].startswith("/account/reauthenticate/?next=")
    assert fresh["Location"] == "/account/confirm-email/"
    assert [letter.to for letter in mail.outbox] == [["true@example.test"]]
    assert type(who.user).objects.get(id=who.user_id).email == own
