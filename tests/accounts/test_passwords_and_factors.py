import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from backend.accounts.adapter import MfaAdapter
from backend.accounts.models import User
from backend.audit.models import AuditEntry
from tests.accounts.person import Person, code_for, signed_in
from tests.factories.accounts import AdministratorFactory, PhysicianFactory, StaffMemberFactory

pytestmark = pytest.mark.django_db
NEW = "another horse battery"
CLINIC_DESK = {"name": "desk", "kind": "community"}


@pytest.fixture(autouse=True)
def _early_in_the_life_of_a_code():
    """So that no code of the app expires between showing and typing it."""
    with time_machine.travel("2026-11-22T10:00:05Z"):
        yield


def with_totp(person):
    """Set up an authenticator app; returns its secret."""
    person.prove()
    secret = person.start_totp()
    person.send("POST", "/account/authenticators/totp", {"code": code_for(secret)})
    return secret


def test_a_forgotten_password_is_set_with_a_mailed_code():
    person = signed_in(StaffMemberFactory())
    elsewhere = Person(person.email)

    asked = elsewhere.ask_for_reset()
    done = elsewhere.reset(elsewhere.mailed_code(), NEW)

    assert (asked.status_code, done.status_code) == (401, 401)
    assert Person(person.email).sign_in(NEW).status_code == 200


def test_a_new_password_ends_every_other_session():
    person = signed_in(StaffMemberFactory())
    elsewhere = Person(person.email)

    elsewhere.ask_for_reset()
    elsewhere.reset(elsewhere.mailed_code(), NEW)

    assert person.get("/v1/me").status_code == 401


def test_a_reset_for_an_unknown_address_gets_the_same_answer():
    known, unknown = Person(signed_in(StaffMemberFactory()).email), Person()

    answers = [known.ask_for_reset().json(), unknown.ask_for_reset().json()]

    for body in answers:
        body["meta"].pop("session_token")
    assert answers[0] == answers[1]
    assert "There is no account" in unknown.mails()[-1].body


def test_a_changed_password_leaves_an_entry_and_a_notice():
    person = signed_in(StaffMemberFactory())

    person.send(
        "POST",
        "/account/password/change",
        {"current_password": "correct horse battery", "new_password": NEW},
    )

    entries = AuditEntry.objects.values_list("action", flat=True)
    assert {"user.set_password", "user.password_changed"} <= set(entries)
    assert "If this was not you" in person.mails()[-1].body
    assert person.get("/v1/me").status_code == 200


def test_what_needs_a_fresh_proof_asks_for_one_after_five_minutes():
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as now:
        admin = signed_in(AdministratorFactory())
        body = {"email": "new@example.test", "role": "clinic_staff", "name": "新人"}
        now.shift(301)

        late = admin.post("/v1/staff_members", body)
        admin.prove()
        proved = admin.post("/v1/staff_members", body)

    assert (late.status_code, late.json()["code"]) == (403, "reauthentication_required")
    assert proved.status_code == 201


def test_five_minutes_after_the_sign_in_the_proof_still_holds():
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as now:
        admin = signed_in(AdministratorFactory())
        now.shift(300)

        answer = admin.post(
            "/v1/staff_members",
            {"email": "new@example.test", "role": "clinic_staff", "name": "新人"},
        )

    assert answer.status_code == 201


def test_a_wrong_password_proves_nothing_and_leaves_an_entry():
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as now:
        admin = signed_in(AdministratorFactory())
        now.shift(301)

        admin.prove("wrong wrong wrong")

    assert AuditEntry.objects.latest("id").facts["reason"] == "wrong_password"


def test_an_authenticator_app_is_asked_for_at_the_next_sign_in():
    person = signed_in(StaffMemberFactory())
    secret = with_totp(person)
    again = Person(person.email)

    half = again.sign_in()
    outside = again.get("/v1/me").status_code
    whole = again.send("POST", "/auth/2fa/authenticate", {"code": code_for(secret)})

    assert (half.status_code, outside, whole.status_code) == (401, 401, 200)
    assert again.get("/v1/me").json()["second_factor"] is True
    assert AuditEntry.objects.filter(action="user.sign_in").latest("id").facts["methods"] == [
        "password",
        "totp",
    ]


def test_a_code_of_the_app_works_once():
    person = signed_in(StaffMemberFactory())
    secret = with_totp(person)
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False):
        first, second = Person(person.email), Person(person.email)
        first.sign_in()
        second.sign_in()

        answers = [
            one.send("POST", "/auth/2fa/authenticate", {"code": code_for(secret)}).status_code
            for one in (first, second)
        ]

    assert answers == [200, 400]


def test_a_wrong_second_factor_leaves_an_entry_about_the_person():
    staff = StaffMemberFactory()
    person = signed_in(staff)
    with_totp(person)
    again = Person(person.email)
    again.sign_in()

    answer = again.send("POST", "/auth/2fa/authenticate", {"code": "000000"})

    entry = AuditEntry.objects.latest("id")
    assert answer.status_code == 400
    assert (entry.object_ref, entry.facts["reason"]) == (staff.user.ref, "wrong_second_factor")


def test_setting_up_the_app_leaves_an_entry(django_capture_on_commit_callbacks):
    person = signed_in(StaffMemberFactory())

    with django_capture_on_commit_callbacks(execute=True):
        with_totp(person)

    assert AuditEntry.objects.filter(action="user.totp_activated").count() == 1


def test_the_secret_of_the_app_is_not_readable_in_the_database():
    person = signed_in(StaffMemberFactory())

    secret = with_totp(person)

    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert MfaAdapter().decrypt(kept) == secret


def test_the_secret_of_the_app_outlives_a_change_of_the_servers_key(settings):
    kept = MfaAdapter().encrypt("JBSWY3DPEHPK3PXP")

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the server, as long as the first"

    assert MfaAdapter().decrypt(kept) == "JBSWY3DPEHPK3PXP"


def test_setting_up_the_app_needs_a_fresh_proof():
    person = signed_in(StaffMemberFactory())
    secret = person.start_totp()

    answer = person.send("POST", "/account/authenticators/totp", {"code": code_for(secret)})

    assert answer.status_code == 401
    assert not Authenticator.objects.exists()


def test_an_invited_physician_sets_a_password_by_mailed_code():
    admin = signed_in(AdministratorFactory())
    invited = Person()

    admin.post(
        "/v1/staff_members",
        {
            "email": invited.email,
            "role": "physician",
            "name": "佐藤 一郎",
            "licence_number": "123456",
        },
    )
    letter = invited.mails()[-1].body
    invited.ask_for_reset()
    invited.reset(invited.mailed_code(), NEW)
    inside = Person(invited.email)

    assert "/password/reset" in letter
    assert inside.sign_in(NEW).status_code == 200
    assert inside.get("/v1/me").json()["role"] == "physician"


def test_an_invited_account_cannot_be_entered_before_a_password_is_set():
    admin = signed_in(AdministratorFactory())
    invited = Person()

    admin.post("/v1/staff_members", {"email": invited.email, "role": "auditor", "name": "監査"})

    assert not User.objects.get(email=invited.email).has_usable_password()
    assert Person(invited.email).sign_in("").status_code == 400


def test_sessions_are_kept_in_the_database():
    person = signed_in(PhysicianFactory())

    assert Session.objects.filter(session_key=person.token).exists()
