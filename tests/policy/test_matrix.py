"""The permission matrix: every route, every role, read from the table that the service reads."""

import json

import pytest

from backend.audit.models import AuditEntry
from backend.kernel.actor import Role
from tests.callers import Caller
from tests.policy.routes import Route, all_routes, nowhere
from tests.policy.things import ref_of

pytestmark = pytest.mark.django_db
ROUTES = all_routes()
ABOUT_ONE = [route for route in ROUTES if route.parameters]
LISTED = {
    route.pattern.rpartition("/")[0]: route.parameters[0]
    for route in ABOUT_ONE
    if route.verb.name == "read"
}
# From whom it is not hidden: what is asked says nothing about anybody; every person may see
# every clinic (a newcomer chooses one); these things are the clinic's, for all who belong to it.
OPEN_TO_ALL = {"questionnaire_id", "pack_id"}
OPEN_TO_PEOPLE = {"clinic_id"}
OPEN_TO_THE_CLINIC = {"clinic_id", "physician_id", "product_id", "lot_id", "activation_id"}
SPELLINGS = ["9" * 400, "9223372036854775808", "%00", "%D9%A1", "1_0", "%201", "..%2F", "0", "%0A"]


def call(caller: Caller, route: Route, **ids: str):
    path = route.path(**ids)
    if route.method == "get":
        return caller.get(path)
    return caller.post(path, route.body, version=1)


def essence(answer):
    """All that an answer shows, but for what names the request itself."""
    body = json.loads(answer.content)
    for name in ("instance", "request_id"):
        body.pop(name)
    return answer.status_code, body, sorted(set(answer.headers) - {"X-Request-Id"})


def roles_of(route: Route) -> list[Role]:
    return sorted(route.verb.roles - {Role.JOB})


def strangers(world, name: str, role: Role):
    """From whom a thing with this kind of id is hidden; nobody, where it is not hidden at all."""
    if name in OPEN_TO_ALL or (name in OPEN_TO_PEOPLE and role != Role.PHARMACY_CLIENT):
        return []
    elsewhere, *neighbours = world.strangers[role]
    return [elsewhere] if name in OPEN_TO_THE_CLINIC else [elsewhere, *neighbours]


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_nobody_gets_nothing(route, world):
    answer = call(Caller(), route)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_role_may_do_what_the_table_says_and_nothing_else(route, world):
    ids = world.things.ids_for(route)
    bad = {401, 403, 405} | ({404} if ids else set())  # a body names what nobody has
    for role, who in world.people.items():
        answer = call(Caller(who), route, **ids)

        shown = f"{role}: {answer.status_code} {answer.content[:500]!r}"
        if role in route.verb.roles:
            assert answer.status_code not in bad, shown
            assert answer.status_code < 500, shown
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted"), shown


@pytest.mark.parametrize("route", ABOUT_ONE, ids=str)
def test_what_is_not_yours_looks_like_what_is_not_there(route, world):
    name, real = route.parameters[0], world.things.ids_for(route)
    for role in roles_of(route):
        for stranger in strangers(world, name, role):
            foreign = essence(call(Caller(stranger), route, **real))
            absent = essence(call(Caller(stranger), route, **{name: nowhere(name)}))

            assert foreign == absent, role
            assert (foreign[0], foreign[1]["code"]) == (404, "not_found"), role


@pytest.mark.parametrize("pattern", sorted(LISTED))
def test_a_list_shows_its_own_and_hides_the_rest(pattern, world):
    (route,) = [one for one in ROUTES if (one.pattern, one.method) == (pattern, "get")]
    theirs = ref_of(world.things.rows[LISTED[pattern]][0])
    for role in roles_of(route):
        shown = Caller(world.people[role]).get(route.path()).json()["data"]
        assert theirs in [row["id"] for row in shown], role

        for stranger in strangers(world, LISTED[pattern], role):
            answer = Caller(stranger).get(route.path())
            assert (answer.status_code, theirs in answer.content.decode()) == (200, False), role


@pytest.mark.parametrize("route", ABOUT_ONE, ids=str)
def test_an_id_that_no_thing_has_is_not_found(route, world):
    caller = Caller(world.people[roles_of(route)[0]])
    for spelling in SPELLINGS:
        answer = call(caller, route, **{route.parameters[0]: spelling})

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), spelling
    refused = AuditEntry.objects.filter(outcome="refused", action=route.verb.action)
    assert refused.count() == len(SPELLINGS) - 1  # "..%2F" is another path, of nothing
