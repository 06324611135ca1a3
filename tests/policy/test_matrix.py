"""The permission matrix: every route, every role, read from the table that the service reads."""

import pytest

from backend.kernel.actor import Role
from tests.callers import Caller
from tests.factories import accounts
from tests.policy.routes import Route, all_routes

pytestmark = pytest.mark.django_db

ROLES = {
    Role.PATIENT: accounts.PatientFactory,
    Role.PHYSICIAN: accounts.PhysicianFactory,
    Role.CLINIC_STAFF: accounts.StaffMemberFactory,
    Role.AUDITOR: accounts.AuditorFactory,
    Role.CLINIC_ADMINISTRATOR: accounts.AdministratorFactory,
    Role.PHARMACY_CLIENT: accounts.ApiClientFactory,
}
ROUTES = all_routes()


def call(caller: Caller, route: Route):
    if route.method == "get":
        return caller.get(route.path())
    return caller.post(route.path(), {}, version=1)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_nobody_gets_nothing(route):
    answer = call(Caller(), route)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_role_may_do_what_the_table_says_and_nothing_else(route, role):
    answer = call(Caller(ROLES[role]()), route)

    if role in route.verb.roles:
        assert answer.status_code not in {401, 403, 405, 500}, answer.content
        assert not route.parameters or answer.status_code == 404, answer.content
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


@pytest.mark.parametrize("route", [r for r in ROUTES if r.parameters], ids=str)
@pytest.mark.parametrize(
    "spelling",
    ["9" * 400, "9223372036854775808", "%00", "%D9%A1", "1_0", "%201", "..%2F", "0"],
    ids=lambda text: text[:20],
)
def test_an_id_that_no_thing_has_is_not_found(route, spelling):
    caller = Caller(ROLES[min(set(ROLES) & route.verb.roles)]())
    path = "/" + route.pattern
    for name in route.parameters:
        path = path.replace(f"<str:{name}>", spelling)

    answer = caller.get(path) if route.method == "get" else caller.post(path, {}, version=1)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
