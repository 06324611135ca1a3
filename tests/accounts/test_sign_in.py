import pytest
from django.test import Client

from backend.accounts.models import User
from backend.audit.models import AuditEntry
from tests.accounts.person import PASSWORD, Person, signed_in
from tests.factories.accounts import (
    AdministratorFactory,
    AuditorFactory,
    PatientFactory,
    StaffMemberFactory,
)

pytestmark = pytest.mark.django_db


def actions():
    return list(AuditEntry.objects.order_by("id").values_list("action", "outcome"))


def test_the_session_token_is_the_bearer_of_v1():
    staff = StaffMemberFactory()

    person = signed_in(staff)

    me = person.get("/v1/me").json()
    assert (me["staff_member"], me["role"]) == (staff.ref, "clinic_staff")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer():
    known = signed_in(StaffMemberFactory())
    known.sign_out()

    answers = [Person(known.email).sign_in("wrong wrong wrong"), Person().sign_in()]

    assert [a.status_code for a in answers] == [400, 400]
    assert answers[0].json() == answers[1].json()


def test_the_sixth_guess_at_one_account_is_turned_away_from_any_address():
    staff = signed_in(StaffMemberFactory())

    for _ in range(5):
        Person(staff.email).sign_in("wrong wrong wrong")
    answer = Person(staff.email).sign_in(PASSWORD)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "too_many_login_attempts"
    assert AuditEntry.objects.latest("id").facts == {"reason": "too_many_login_attempts"}


def test_without_redis_nobody_signs_in_but_who_is_inside_goes_on(settings):
    inside = signed_in(StaffMemberFactory())
    cache = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": cache}

    answer = Person(inside.email).sign_in()

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert inside.get("/v1/me").status_code == 200


def test_signing_out_ends_the_session_at_once():
    person = signed_in(StaffMemberFactory())

    person.sign_out()

    assert person.get("/v1/me").status_code == 401


@pytest.mark.parametrize("token", ["nonsense", "x" * 2000, "é", "rx_test_abc", "a b"])
def test_a_token_that_is_none_is_a_401(token):
    answer = Client().get("/v1/me", HTTP_AUTHORIZATION=f"Bearer {token}")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_the_token_of_a_deactivated_user_is_good_for_nothing_at_once():
    staff = StaffMemberFactory()
    person = signed_in(staff)

    User.objects.filter(id=staff.user_id).update(is_active=False)

    assert person.get("/v1/me").status_code == 401


def test_a_deactivated_user_does_not_sign_in_and_leaves_an_entry():
    staff = StaffMemberFactory()
    person = signed_in(staff)
    person.sign_out()
    User.objects.filter(id=staff.user_id).update(is_active=False)

    answer = Person(person.email).sign_in()

    assert answer.status_code == 401
    assert actions()[-1] == ("user.sign_in", "refused")
    assert AuditEntry.objects.latest("id").facts["reason"] == "deactivated"


def test_a_changed_role_counts_from_the_next_request_on():
    member = AdministratorFactory()
    person = signed_in(member)
    assert person.get("/v1/staff_members").status_code == 200

    User.objects.filter(id=member.user_id).update(role="clinic_staff")

    assert person.get("/v1/staff_members").status_code == 403
    assert person.get("/v1/me").json()["role"] == "clinic_staff"


def test_coming_and_going_leave_entries_that_name_the_methods():
    person = signed_in(AuditorFactory())

    person.sign_out()

    assert actions() == [("user.sign_in", "done"), ("user.sign_out", "done")]
    assert AuditEntry.objects.first().facts["methods"] == ["password"]


def test_a_failed_sign_in_leaves_an_entry_without_the_address():
    person = signed_in(PatientFactory())
    person.sign_out()

    Person(person.email).sign_in("wrong wrong wrong")
    Person("nobody@example.test").sign_in()

    known, unknown = AuditEntry.objects.filter(outcome="refused").order_by("id")
    assert (known.action, known.actor) == ("user.sign_in", "job:sign_in")
    assert known.object_ref.startswith("usr_")
    assert known.patient_ref.startswith("pt_")
    assert unknown.object_ref == "user"
    assert b"example.test" not in bytes(known.body) + bytes(unknown.body)


def test_the_cookie_of_a_page_signs_in_too_and_needs_its_csrf_token():
    person = signed_in(AdministratorFactory())
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["sessionid"] = person.token

    read = browser.get("/v1/me")
    changed = browser.post(
        "/v1/pharmacies", {}, content_type="application/json", headers={"Idempotency-Key": "k"}
    )

    assert read.status_code == 200
    assert changed.status_code == 403


def test_too_many_sign_ups_from_one_place_are_told_to_wait():
    person = Person()

    answers = [person.send("POST", "/auth/signup", {}) for _ in range(21)]

    assert [a.status_code for a in answers] == [400] * 20 + [429]
    assert answers[-1]["Retry-After"] == "60"


def test_a_browser_signs_in_with_a_cookie_and_its_csrf_token():
    member = StaffMemberFactory()
    signed_in(member)
    browser = Client(enforce_csrf_checks=True, REMOTE_ADDR="10.9.8.7")
    browser.get("/_allauth/browser/v1/config")
    csrf = browser.cookies["csrftoken"].value

    answer = browser.post(
        "/_allauth/browser/v1/auth/login",
        {"email": member.user.email, "password": PASSWORD},
        content_type="application/json",
        headers={"X-CSRFToken": csrf},
    )

    assert answer.status_code == 200
    assert browser.cookies["sessionid"]["httponly"]
    assert browser.get("/v1/me").json()["staff_member"] == member.ref
