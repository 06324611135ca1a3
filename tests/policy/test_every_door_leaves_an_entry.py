"""Pages and the way in: who looks, who tries, who signs in and out leaves an entry.

The paths come from the resolver: a new page that nobody thought of fails here.
"""

import uuid

import pytest
import time_machine
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.models import Login
from allauth.headless.internal.sessionkit import session_store
from django.test import Client

from backend.accounts.models import User
from backend.audit.models import AuditEntry
from backend.kernel.actor import Role
from tests.accounts.person import AUTH, PASSWORD, Person, code_for, signed_in
from tests.factories.accounts import PatientFactory, StaffMemberFactory
from tests.policy.asking import Asked
from tests.policy.doors import allauth_doors, doors, endpoints_elsewhere
from tests.policy.world import session_of

pytestmark = pytest.mark.django_db
# About nobody and for everybody: no entry is left, and this is why.
OPEN = {
    "/healthz": "the process answers",
    "/readyz": "the process can work",
    "/metrics": "counts and ages for the operator's collector, reached from inside only",
    "/v1/openapi.json": "the published contract",
    "/reference": "the published contract as a page",
    "/cds-services": "which decision support there is",
    "/audit/checkpoint": "hashes only, for witnesses and monitors",
    "/audit/vkey": "the public key of the trail",
    "/audit/tile/<path:place>": "hashes only, for witnesses and monitors",
    "/": "what the service is, and the doors",
    "/home": "where each role's pages begin",
    "/language": "which language the pages speak",
    "/csp-report": "what a browser says about a page of ours",
    "/design": "the components, with invented content",
    "/me/manifest.webmanifest": "the name and the icons of the app",
    "/me/offline": "what the app shows without a connection",
    "/me/worker.js": "the script that keeps the app going without one",
    "/_allauth/app/v1/config": "which ways of signing in there are",
    "/_allauth/browser/v1/config": "which ways of signing in there are",
}
PAGES = {"/rules"}
JSON = "application/json"


def entries_of(request_id):
    return list(AuditEntry.objects.filter(request_id=request_id).order_by("id"))


def left_by(person, method, path, body=None):
    """What one request to allauth left: actor, action and outcome of each entry."""
    request_id = f"req_{uuid.uuid4().hex}"
    person.send(method, path, body, HTTP_X_REQUEST_ID=request_id)
    return [(e.actor, e.action, e.outcome) for e in entries_of(request_id)]


def test_every_path_is_a_page_an_endpoint_a_way_in_or_open_for_a_reason():
    paths = {path for _, path in doors()}
    ways_in = {path for path in paths if path.startswith(("/_allauth/", "/account/"))}

    assert sorted(paths - ways_in - PAGES - set(OPEN)) == []
    assert set(OPEN) <= paths
    assert len(ways_in) > 40


@pytest.mark.parametrize("path", sorted(OPEN))
def test_what_is_open_leaves_no_entry(path):
    request_id = f"req_{uuid.uuid4().hex}"

    answer = Client().get(path, HTTP_X_REQUEST_ID=request_id)

    assert answer.status_code in {200, 302, 404, 405, 503}
    assert entries_of(request_id) == []


@pytest.mark.parametrize("path", sorted(PAGES))
def test_a_page_leaves_an_entry_whether_it_is_shown_or_not(path, world):
    for role, who in world.people.items():
        if role == Role.PHARMACY_CLIENT:
            continue  # has a key and no session
        client, request_id = Client(), f"req_{uuid.uuid4().hex}"
        client.cookies["sessionid"] = session_of(who.user)

        answer = client.get(path, HTTP_X_REQUEST_ID=request_id)

        (entry,) = entries_of(request_id)
        outcome = "refused" if answer.status_code >= 400 else "done"
        assert (entry.actor, entry.outcome) == (who.user.actor.label, outcome), role


@pytest.mark.parametrize(("method", "path", "action"), endpoints_elsewhere())
def test_an_endpoint_outside_of_v1_leaves_an_entry_too(method, path, action, world):
    for who in world.people.values():
        call = Asked(who)
        call.answer = call.caller.client.generic(method, path, "{}", content_type=JSON)

        assert call.unaccounted(action) is None


def test_a_page_that_nobody_asks_for_leaves_no_entry():
    for path in PAGES:
        request_id = f"req_{uuid.uuid4().hex}"
        assert Client().get(path, HTTP_X_REQUEST_ID=request_id).status_code == 401
        assert entries_of(request_id) == []


SIGNED_IN = [door for door in allauth_doors() if door[1] not in OPEN]


@pytest.mark.parametrize(("method", "path"), SIGNED_IN, ids=lambda part: part)
def test_whoever_is_signed_in_leaves_an_entry_at_every_way_in(method, path):
    staff = StaffMemberFactory()
    person = Person()
    person.token = session_of(staff.user)

    left = left_by(person, method, path.removeprefix(AUTH), None if method == "GET" else {})

    assert left
    assert {actor for actor, _, _ in left} <= {staff.user.actor.label, "job:sign_in"}


def session_half_way_in(user):
    """What a right password leaves while the second factor is still missing."""
    session = session_store()
    session[LOGIN_SESSION_KEY] = Login(user=user, email=user.email).serialize()
    session.create()
    return session.session_key


@pytest.mark.parametrize(("method", "path"), SIGNED_IN, ids=lambda part: part)
def test_whoever_is_half_way_in_leaves_an_entry_as_nobody_who_acted(method, path):
    staff = StaffMemberFactory()
    person = Person()
    person.token = session_half_way_in(staff.user)

    left = left_by(person, method, path.removeprefix(AUTH), None if method == "GET" else {})

    assert left
    assert {actor for actor, _, _ in left} == {"job:sign_in"}


def refused(action="user.sign_in"):
    return [("job:sign_in", action, "refused")]


def test_each_step_of_signing_up_leaves_its_entry():
    person = Person()
    body = {"email": person.email, "password": PASSWORD}

    signed_up = left_by(person, "POST", "/auth/signup", body)
    who = User.objects.get(email=person.email).actor.label
    mailed = ("job:sign_in", "user.send_mail", "done")

    assert signed_up == [(who, "user.sign_up", "done"), mailed]
    assert left_by(person, "POST", "/auth/email/verify", {"key": "WRONG1"}) == refused()
    assert left_by(person, "POST", "/auth/email/verify/resend", {})[0][1:] == (
        "user.change_account",
        "refused",
    )
    assert left_by(person, "POST", "/auth/email/verify", {"key": person.mailed_code()}) == [
        (who, "user.verify_email", "done"),
        (who, "user.sign_in", "done"),
    ]
    known = {"email": StaffMemberFactory().user.email, "password": PASSWORD}
    assert left_by(Person(), "POST", "/auth/signup", known) == [mailed]


def test_each_step_of_signing_in_and_out_leaves_its_entry():
    staff = StaffMemberFactory()
    person, who = signed_in(staff), staff.user.actor.label
    other = Person(person.email)

    wrong = left_by(other, "POST", "/auth/login", {"email": person.email, "password": "x" * 12})
    right = left_by(other, "POST", "/auth/login", {"email": person.email, "password": PASSWORD})

    assert (wrong, right) == (refused(), [(who, "user.sign_in", "done")])
    assert left_by(other, "GET", "/auth/session") == [(who, "user.read_account", "done")]
    assert left_by(other, "DELETE", "/auth/session") == [(who, "user.sign_out", "done")]
    unknown = {"email": "nobody@example.test", "password": "x" * 12}
    assert left_by(Person(), "POST", "/auth/login", unknown) == refused()


def test_each_step_of_a_new_password_leaves_its_entry():
    staff = StaffMemberFactory()
    person, who = Person(signed_in(staff).email), staff.user.actor.label
    new = "another horse battery"

    asked = left_by(person, "POST", "/auth/password/request", {"email": person.email})
    wrong = left_by(person, "POST", "/auth/password/reset", {"key": "WRONG1", "password": new})
    weak = {"key": person.mailed_code(), "password": "short"}
    too_weak = left_by(person, "POST", "/auth/password/reset", weak)
    done = left_by(person, "POST", "/auth/password/reset", weak | {"password": new})

    assert asked == [("job:sign_in", "user.send_mail", "done")]
    assert wrong == refused()
    assert too_weak == refused("user.change_account")
    assert (who, "user.set_password", "done") in done
    assert (who, "user.password_reset", "done") in done
    stranger = Person()
    asked = left_by(stranger, "POST", "/auth/password/request", {"email": stranger.email})
    assert asked == [("job:sign_in", "user.send_mail", "done")]


def test_each_step_with_a_second_factor_leaves_its_entry():
    staff = StaffMemberFactory()
    person, who = signed_in(staff), staff.user.actor.label
    with time_machine.travel("2026-11-22T10:00:05Z"):
        assert left_by(person, "POST", "/auth/reauthenticate", {"password": "x" * 12}) == refused()
        proved = left_by(person, "POST", "/auth/reauthenticate", {"password": PASSWORD})
        secret = person.start_totp()
        code = {"code": code_for(secret)}
        made = left_by(person, "POST", "/account/authenticators/totp", code)
        half = Person(person.email)
        half_way = left_by(half, "POST", "/auth/login", {"email": half.email, "password": PASSWORD})
        wrong = left_by(half, "POST", "/auth/2fa/authenticate", {"code": "000000"})

    assert proved == [(who, "user.change_account", "done")]
    assert made == [(who, "user.change_account", "done")]  # the notice follows the commit
    assert half_way == refused("user.change_account")  # 401: the second factor is still missing
    assert wrong == refused()


def test_an_entry_about_a_patients_account_is_the_patients():
    patient = PatientFactory()
    person, request_id = signed_in(patient), f"req_{uuid.uuid4().hex}"

    person.send("GET", "/account/authenticators", HTTP_X_REQUEST_ID=request_id)

    (entry,) = entries_of(request_id)
    assert (entry.action, entry.patient_ref) == ("user.read_account", patient.ref)
    assert entry.facts == {
        "method": "GET",
        "path": "/_allauth/app/v1/account/authenticators",
        "status": "200",
    }


def test_nobody_at_the_way_in_leaves_no_entry():
    assert left_by(Person(), "GET", "/auth/session") == []
    assert left_by(Person(), "POST", "/auth/login", {}) == []
