"""The way into the pages: who is let in, who is sent where, and what each visit leaves."""

import pytest

from backend.audit.models import AuditEntry
from tests.factories import accounts
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


def test_nobody_is_sent_to_sign_in_and_back():
    answer = Reader().get("/me/")

    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=%2Fme%2F"


def test_htmx_is_told_where_to_go_instead_of_following():
    answer = Reader().client.get("/me/", headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/account/login/")


def test_a_page_of_another_role_is_refused_in_words_and_recorded():
    physician = accounts.PhysicianFactory()

    answer = Reader(physician).get("/me/")

    assert answer.status_code == 403
    assert "not permitted" in text_of(answer)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.outcome) == ("patient.read", "refused")


def test_a_method_that_a_page_does_not_know_is_refused_and_recorded():
    reader = Reader(accounts.PatientFactory())
    reader.client.handler.enforce_csrf_checks = False

    answer = reader.client.put("/me/")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.outcome) == ("patient.read", "refused")


def test_a_form_without_its_token_is_refused_and_recorded():
    answer = Reader(accounts.PatientFactory()).client.post("/me/", {})

    assert answer.status_code == 403
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.outcome) == ("user.use_session", "refused")


def test_an_account_without_a_profile_is_led_to_making_one():
    user = accounts.UserFactory()

    answer = Reader(user).get("/me/")

    assert answer["Location"] == "/me/welcome"


def test_a_look_leaves_an_entry_and_the_page_is_kept_by_nobody():
    patient = accounts.PatientFactory()

    answer = Reader(patient).get("/me/")

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert [entry.action for entry in AuditEntry.objects.all()] == ["patient.read"]


@pytest.mark.parametrize(("language", "other"), [("ja", "English"), ("en", "日本語")])
def test_the_page_speaks_the_language_that_was_chosen(language, other):
    answer = Reader(accounts.PatientFactory(), language=language).get("/me/")

    assert answer["Content-Language"] == language
    assert f'lang="{language}"' in answer.content.decode()
    assert other in answer.content.decode()
