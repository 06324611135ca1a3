"""Whoever asks for something leaves an entry: what was done, shown or refused, to whom, by whom.

The walk asks every method of every route of /v1 in each role, as a stranger, badly and as nobody.
Each call has a request id of its own; what carries that id is what the call left.
"""

from collections import Counter

import pytest

from backend.kernel.actor import Role
from tests.policy.asking import Asked
from tests.policy.routes import Route, all_routes, nowhere
from tests.policy.test_matrix import ABOUT_ONE, ROUTES, roles_of, strangers
from tests.policy.world import session_of

pytestmark = pytest.mark.django_db
LISTS = [
    route
    for route in ROUTES
    if route.verb.name == "list" and not route.parameters and route.verb.thing != "slot"
]
POSTS = [route for route in ROUTES if route.method == "post"]
NO_BODY = {"no such member": [None]}


def test_the_walk_knows_every_method_of_every_route():
    assert len(ROUTES) == len(all_routes()) > 140
    assert len(LISTS) > 25


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_what_a_role_asks_for_leaves_an_entry_whether_it_gets_it_or_not(route, world):
    ids = world.things.ids_for(route)

    calls = [(role, Asked(who).of(route, **ids)) for role, who in world.people.items()]

    missing = [(role, call.unaccounted(route.verb.action)) for role, call in calls]
    assert [(role, why) for role, why in missing if why is not None] == []


@pytest.mark.parametrize("route", ABOUT_ONE, ids=str)
def test_a_stranger_leaves_an_entry_of_what_was_not_shown(route, world):
    name, ids = route.parameters[0], world.things.ids_for(route)
    for role in roles_of(route):
        for stranger in strangers(world, name, role):
            call = Asked(stranger).of(route, **ids)

            assert (call.status, call.unaccounted(route.verb.action)) == (404, None)
            assert ids[name] in [entry.content["object"] for entry in call.entries] or name in {
                "patient_id"  # named by the pseudonym alone
            }


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_a_list_leaves_one_entry_for_each_patient_shown(route, world):
    for role in roles_of(route):
        call = Asked(world.people[role]).of(route)

        rows = call.answer.json()["data"]
        entries = [entry for entry in call.entries if entry.action == route.verb.action]
        named = {row["patient"] for row in rows if isinstance(row.get("patient"), str)}
        named |= {row["id"] for row in rows if str(row.get("id")).startswith("pt_")}
        shown = Counter(entry.patient_ref for entry in entries if entry.pseudonym)
        assert shown == Counter(named), role
        assert entries, role


@pytest.mark.parametrize("route", POSTS, ids=str)
def test_a_body_that_is_refused_leaves_an_entry(route, world):
    who = world.people[roles_of(route)[0]]
    path = route.path(**world.things.ids_for(route))

    malformed = Asked(who).post(path, NO_BODY, version=1)
    in_words = Asked(who)
    in_words.answer = in_words.caller.client.generic(
        "POST", path, "{", content_type="text/plain", HTTP_IF_MATCH='"1"'
    )

    assert (malformed.status, malformed.unaccounted(route.verb.action)) == (400, None)
    assert (in_words.status, in_words.unaccounted(route.verb.action)) == (415, None)


@pytest.mark.parametrize("route", [r for r in POSTS if r.parameters], ids=str)
def test_a_change_of_an_unsaid_version_leaves_an_entry(route, world):
    who = world.people[roles_of(route)[0]]
    path = route.path(**world.things.ids_for(route))

    call = Asked(who).post(path, route.body)

    assert call.unaccounted(route.verb.action) is None


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_method_or_a_language_that_is_not_spoken_leaves_an_entry(route, world):
    who = world.people[roles_of(route)[0]]
    path = route.path(**world.things.ids_for(route))

    deleted, in_html = Asked(who), Asked(who, HTTP_ACCEPT="text/html")
    deleted.answer = deleted.caller.client.delete(path)
    in_html.answer = in_html.caller.client.generic(route.method.upper(), path)

    assert deleted.status == 405
    assert deleted.unaccounted(f"{route.verb.thing}.method_not_allowed") is None
    assert (in_html.status, in_html.unaccounted(route.verb.action)) == (406, None)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_nobody_leaves_no_entry_because_there_is_nobody_to_name(route, world):
    call = Asked().of(route, **world.things.ids_for(route))

    assert (call.status, call.entries, call.changes) == (401, [], [])


def bearing(credential: str) -> Asked:
    """Somebody who shows this and is answered nothing."""
    call = Asked(None, HTTP_AUTHORIZATION=f"Bearer {credential}").get("/v1/me")
    assert call.status == 401
    return call


def refusal_of(call: Asked) -> tuple[str, str, str, str]:
    (entry,) = call.entries
    assert entry.outcome == "refused"
    return entry.actor, entry.action, entry.object_ref, entry.facts["reason"]


def test_a_key_of_a_pharmacy_that_does_not_open_is_recorded_against_its_client(world):
    client = world.people[Role.PHARMACY_CLIENT]
    act = ("job:sign_in", "api_client.authenticate", client.ref)
    good = f"rx_test_{client.key_prefix}_secret"

    assert refusal_of(bearing(good + "x")) == (*act, "wrong_secret")

    client.expires_at = client.created_at
    client.save()
    assert refusal_of(bearing(good)) == (*act, "expired")

    client.expires_at, client.revoked_at = None, client.created_at
    client.save()
    assert refusal_of(bearing(good)) == (*act, "revoked")

    client.revoked_at = None
    client.save()
    client.pharmacy.deactivated_at = client.created_at
    client.pharmacy.save()
    assert refusal_of(bearing(good)) == (*act, "pharmacy_deactivated")


def test_a_session_that_has_ended_is_recorded_against_its_person(world):
    user = world.people[Role.PHYSICIAN].user
    token = session_of(user)
    act = ("job:sign_in", "user.use_session", user.ref)

    user.set_password("another-1234567")
    user.save()
    assert refusal_of(bearing(token)) == (*act, "ended")

    token = session_of(user)
    user.is_active = False
    user.save()
    assert refusal_of(bearing(token)) == (*act, "deactivated")


@pytest.mark.parametrize(
    "credential", ["rx_test_nobodyatall_secret", "rx_live_", "no-such-session", "…"]
)
def test_a_credential_of_nobody_leaves_no_entry(credential, world):
    assert bearing(credential.encode().decode("latin-1")).entries == []


def test_a_reply_that_is_shown_once_more_leaves_an_entry_of_its_own(world):
    patient, route = world.people[Role.PATIENT], _named("prescription_return")
    who = world.people[Role.PHYSICIAN]
    path = route.path(**world.things.ids_for(route))

    first = Asked(who).post(path, route.body, version=1, key="once")
    again = Asked(who).post(path, route.body, version=1, key="once")

    assert (first.status, again.status) == (200, 200)
    assert again.answer["Idempotency-Replayed"] == "true"
    assert again.unaccounted("prescription.return.replayed") is None
    assert again.entries[0].patient_ref == first.entries[0].patient_ref != patient.ref
    assert again.changes == []


def test_a_made_thing_that_is_shown_once_more_is_its_patients(world):
    patient, who = world.people[Role.PATIENT], world.people[Role.PHYSICIAN]
    route = _named("weight_note")
    body = route.body | {"patient": patient.ref}

    first = Asked(who).post("/v1/weights", body, key="once")
    again = Asked(who).post("/v1/weights", body, key="once")

    assert (first.status, again.status) == (201, 201)
    assert again.unaccounted("weight.note.replayed") is None
    (entry,) = again.entries
    assert (entry.object_ref, entry.patient_ref) == (first.answer.json()["id"], patient.ref)


def test_a_refusal_about_a_thing_that_was_found_is_its_patients(world):
    who, route = world.people[Role.PHYSICIAN], _named("prescription_approve")
    claimed = world.things.rows["prescription_id"][0]

    call = Asked(who).of(route, prescription_id=claimed.ref)

    assert (call.status, call.code) == (409, "not_allowed_from_here")
    (entry,) = call.entries
    assert (entry.object_ref, entry.patient_ref) == (claimed.ref, claimed.patient.ref)


def test_a_session_cookie_without_its_token_is_a_refusal_of_its_person(world):
    user = world.people[Role.PATIENT].user
    call = Asked()
    client = call.caller.client
    client.handler.enforce_csrf_checks = True
    client.cookies["sessionid"] = session_of(user)

    call.post("/v1/visits", {})

    assert call.status == 403
    assert refusal_of(call) == ("job:sign_in", "user.use_session", user.ref, "no_csrf_token")


def _named(operation_id: str) -> Route:
    (route,) = [one for one in ROUTES if one.operation_id == operation_id]
    return route


def test_an_id_that_is_nobodys_is_written_down_as_it_was_asked_for(world):
    who = world.people[Role.PHYSICIAN]

    call = Asked(who).get(f"/v1/prescriptions/{nowhere('prescription_id')}")

    (entry,) = call.entries
    assert (entry.object_ref, entry.pseudonym) == (nowhere("prescription_id"), None)
