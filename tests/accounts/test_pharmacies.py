import json

import pytest
import time_machine
from django.test import Client

from backend.accounts.keys import key_hash, key_prefix, new_key
from backend.accounts.models import ApiClient
from backend.api.models import IdempotencyKey
from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from tests.accounts.schemas import fits_its_schema
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    AuditorFactory,
    PatientFactory,
    PharmacyFactory,
    PhysicianFactory,
    StaffMemberFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pharmacy():
    return PharmacyFactory()


@pytest.fixture
def admin(pharmacy):
    return Caller(AdministratorFactory(clinic=pharmacy.clinic))


def issue(admin, pharmacy, **options):
    return admin.post("/v1/api_clients", {"pharmacy": pharmacy.ref, "name": "till"}, **options)


def status_with(key):
    return Client().get("/v1/me", HTTP_AUTHORIZATION=f"Bearer {key}").status_code


def test_an_administrator_registers_a_pharmacy_of_the_clinic(admin):
    answer = admin.post("/v1/pharmacies", {"name": "院内薬局", "kind": "clinic_dispensary"})

    assert answer.status_code == 201
    assert (answer.json()["status"], answer.json()["available_actions"]) == (
        "active",
        ["deactivate"],
    )


@pytest.mark.parametrize("role", [PhysicianFactory, StaffMemberFactory, AuditorFactory])
def test_the_clinics_people_see_its_pharmacies_only(role, pharmacy):
    foreign = PharmacyFactory()
    reader = Caller(role(clinic=pharmacy.clinic))

    rows = reader.get("/v1/pharmacies").json()["data"]

    assert [row["id"] for row in rows] == [pharmacy.ref]
    assert reader.get(f"/v1/pharmacies/{foreign.ref}").status_code == 404
    assert reader.post("/v1/pharmacies", {"name": "x", "kind": "community"}).status_code == 403


def test_a_client_sees_its_own_pharmacy_only(pharmacy):
    client = ApiClientFactory(pharmacy=pharmacy)
    PharmacyFactory(clinic=pharmacy.clinic)

    rows = Caller(client).get("/v1/pharmacies").json()["data"]

    assert [row["id"] for row in rows] == [pharmacy.ref]


def test_a_patient_sees_no_pharmacies():
    assert Caller(PatientFactory()).get("/v1/pharmacies").status_code == 403


def test_a_key_is_shown_once_and_works(admin, pharmacy):
    answer = issue(admin, pharmacy)

    key = answer.json()["key"]
    kind, mode, public, secret = key.split("_", 3)
    assert (kind, mode, len(public), len(secret)) == ("rx", "test", 8, 43)
    assert status_with(key) == 200
    assert "key" not in admin.get(f"/v1/api_clients/{answer.json()['id']}").json()


def test_a_key_is_kept_nowhere_not_even_in_the_replay(admin, pharmacy):
    first = issue(admin, pharmacy, key="once")
    again = issue(admin, pharmacy, key="once")

    secret = first.json()["key"]
    kept = bytes(IdempotencyKey.objects.get().body)
    assert again.json() == {**first.json(), "key": None}
    assert secret.encode() not in kept
    assert AuditEntry.objects.count() == 2
    assert all(secret.encode() not in bytes(e.body) for e in AuditEntry.objects.all())
    assert bytes(ApiClient.objects.get().key_hash) == key_hash(secret)


def test_outside_a_sandbox_keys_are_live_ones(admin, pharmacy, settings):
    settings.SANDBOX = False

    answer = issue(admin, pharmacy)

    assert answer.json()["key"].startswith("rx_live_")


def test_a_secret_with_underscores_is_found_by_its_prefix():
    assert key_prefix("rx_test_abcdefgh_a_b__c") == "abcdefgh"
    assert key_prefix("rx_test_abcdefgh") == ""
    assert key_prefix(new_key(sandbox=True)).isalnum()


def test_one_letter_less_is_another_key(admin, pharmacy):
    key = issue(admin, pharmacy).json()["key"]

    assert status_with(key[:-1]) == 401
    assert status_with(key.replace("_test_", "_live_")) == 401


def test_a_rotated_key_and_its_successor_overlap_for_a_day(admin, pharmacy, time_machine_at):
    old = issue(admin, pharmacy).json()

    new = admin.post(f"/v1/api_clients/{old['id']}/rotate", version=1).json()

    assert (status_with(old["key"]), status_with(new["key"])) == (200, 200)
    time_machine_at.shift(24 * 3600 - 1)
    assert status_with(old["key"]) == 200
    time_machine_at.shift(1)
    assert (status_with(old["key"]), status_with(new["key"])) == (401, 200)


@pytest.fixture
def time_machine_at():
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as now:
        yield now


def test_a_key_is_rotated_once(admin, pharmacy):
    old = issue(admin, pharmacy).json()
    path = f"/v1/api_clients/{old['id']}/rotate"
    admin.post(path, version=1)

    again = admin.post(path, version=2)

    assert (again.status_code, again.json()["status_now"]) == (409, "expiring")


def test_a_revoked_key_stops_at_once(admin, pharmacy):
    made = issue(admin, pharmacy).json()

    answer = admin.post(f"/v1/api_clients/{made['id']}/revoke", version=1)

    assert (answer.json()["status"], answer.json()["available_actions"]) == ("revoked", [])
    assert status_with(made["key"]) == 401


def test_the_keys_of_a_deactivated_pharmacy_stop_and_none_is_issued(admin, pharmacy):
    key = issue(admin, pharmacy).json()["key"]

    answer = admin.post(f"/v1/pharmacies/{pharmacy.ref}/deactivate", version=1)

    event = OutboxEvent.objects.get()
    assert answer.json()["status"] == "deactivated"
    assert status_with(key) == 401
    assert issue(admin, pharmacy).status_code == 409
    assert fits_its_schema(event)


def test_a_foreign_pharmacy_gets_no_key_and_looks_like_none(admin):
    answers = [
        issue(admin, PharmacyFactory()),
        admin.post("/v1/api_clients", {"pharmacy": "ph_01jq0000000000000000000000", "name": "x"}),
    ]

    assert [a.status_code for a in answers] == [400, 400]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]


def test_clients_of_another_clinic_are_not_there(admin, pharmacy):
    own, foreign = ApiClientFactory(pharmacy=pharmacy), ApiClientFactory()

    rows = admin.get("/v1/api_clients", pharmacy=pharmacy.ref).json()["data"]

    assert [row["id"] for row in rows] == [own.ref]
    assert admin.get(f"/v1/api_clients/{foreign.ref}").status_code == 404
    assert admin.post(f"/v1/api_clients/{foreign.ref}/revoke", version=1).status_code == 404


def test_the_list_of_clients_shows_no_secret(admin, pharmacy):
    secret = issue(admin, pharmacy).json()["key"].split("_", 3)[3]

    rows = admin.get("/v1/api_clients").json()

    assert secret not in json.dumps(rows)


@pytest.mark.parametrize("path", ["/v1/pharmacies", "/v1/api_clients"])
def test_a_list_takes_the_same_number_of_queries_for_one_and_for_many(
    admin, pharmacy, path, django_assert_num_queries
):
    ApiClientFactory(pharmacy=pharmacy)
    admin.get(path)

    with django_assert_num_queries(4):
        admin.get(path)
    for _ in range(4):
        ApiClientFactory(pharmacy=PharmacyFactory(clinic=pharmacy.clinic))
    with django_assert_num_queries(4):
        admin.get(path)
