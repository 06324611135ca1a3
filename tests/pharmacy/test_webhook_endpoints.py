"""Registering endpoints: whose they are, what is shown, and what the database refuses."""

from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag

from backend.api.models import IdempotencyKey
from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from backend.pharmacy.models import WebhookDelivery, WebhookEndpoint
from backend.pharmacy.secret_box import unseal
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    AuditorFactory,
    PatientFactory,
    PhysicianFactory,
)
from tests.factories.pharmacy import (
    SECRET,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
)

pytestmark = pytest.mark.django_db
URL = "https://pharmacy.example/hooks"


@pytest.fixture
def client(settings):
    settings.SANDBOX = False
    return ApiClientFactory()


def test_registering_shows_the_secret_once_and_keeps_it_sealed(client):
    answer = Caller(client).post("/v1/webhook_endpoints", {"url": URL})

    assert answer.status_code == 201
    secret = answer.json()["secret"]
    endpoint = WebhookEndpoint.objects.get()
    assert secret.startswith("whsec_")
    assert secret.encode() not in bytes(endpoint.secret_sealed)
    assert unseal(bytes(endpoint.secret_sealed), owner=endpoint.id) == secret
    shown = Caller(client).get(f"/v1/webhook_endpoints/{endpoint.ref}").json()
    assert "secret" not in shown
    assert answer["Location"] == f"/v1/webhook_endpoints/{endpoint.ref}"
    assert secret not in str(AuditEntry.objects.values_list("body", flat=True))


def test_the_same_key_registers_once_and_gets_the_same_secret(client):
    first = Caller(client).post("/v1/webhook_endpoints", {"url": URL}, key="k1")
    again = Caller(client).post("/v1/webhook_endpoints", {"url": URL}, key="k1")

    assert first.json() == again.json()
    assert WebhookEndpoint.objects.count() == IdempotencyKey.objects.count() == 1


def test_without_a_choice_an_endpoint_gets_every_type(client):
    answer = Caller(client).post("/v1/webhook_endpoints", {"url": URL})

    assert "prescription.voided" in answer.json()["events"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "http://pharmacy.example/"}, "/url"),
        ({"url": "https://169.254.169.254/"}, "/url"),
        ({"url": "https://pharmacy.example:22/"}, "/url"),
        ({"url": 7}, "/url"),
        ({}, "/url"),
        ({"url": URL, "events": []}, "/events"),
        ({"url": URL, "events": ["patient.name"]}, "/events/0"),
        ({"url": URL, "pharmacy": "ph_1"}, "/pharmacy"),
    ],
)
def test_what_is_not_right_is_refused_with_its_place(client, body, pointer):
    answer = Caller(client).post("/v1/webhook_endpoints", body)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not WebhookEndpoint.objects.exists()


def test_a_loopback_receiver_is_for_the_sandbox(client, settings):
    body = {"url": "http://127.0.0.1:8999/hooks"}
    refused = Caller(client).post("/v1/webhook_endpoints", body)

    settings.SANDBOX = True
    taken = Caller(client).post("/v1/webhook_endpoints", body)

    assert (refused.status_code, taken.status_code) == (400, 201)


def test_the_same_url_twice_is_refused_until_the_first_is_disabled(client):
    Caller(client).post("/v1/webhook_endpoints", {"url": URL})
    twice = Caller(client).post("/v1/webhook_endpoints", {"url": URL})
    first = WebhookEndpoint.objects.get()
    Caller(client).post(f"/v1/webhook_endpoints/{first.ref}/disable", version=1)
    anew = Caller(client).post("/v1/webhook_endpoints", {"url": URL})
    back = Caller(client).post(f"/v1/webhook_endpoints/{first.ref}/enable", version=2)

    assert (twice.status_code, twice.json()["code"]) == (409, "webhook_endpoint_exists")
    assert anew.status_code == 201
    assert (back.status_code, back.json()["code"]) == (409, "webhook_endpoint_exists")


def test_the_eleventh_enabled_endpoint_is_one_too_many(client):
    WebhookEndpointFactory.create_batch(9, pharmacy=client.pharmacy)
    WebhookEndpointFactory(pharmacy=client.pharmacy, disabled=True)

    tenth = Caller(client).post("/v1/webhook_endpoints", {"url": URL})
    eleventh = Caller(client).post("/v1/webhook_endpoints", {"url": URL + "/2"})

    assert tenth.status_code == 201
    assert (eleventh.status_code, eleventh.json()["code"]) == (422, "too_many_webhook_endpoints")


def test_another_pharmacys_endpoint_looks_like_none(client):
    foreign = WebhookEndpointFactory()

    seen = Caller(client).get(f"/v1/webhook_endpoints/{foreign.ref}")
    done = Caller(client).post(f"/v1/webhook_endpoints/{foreign.ref}/disable", version=1)
    rows = Caller(client).get("/v1/webhook_endpoints")

    assert (seen.status_code, done.status_code) == (404, 404)
    assert rows.json()["data"] == []


@pytest.mark.parametrize("who", [PatientFactory, PhysicianFactory])
def test_webhooks_are_none_of_their_business(who):
    assert Caller(who()).get("/v1/webhook_endpoints").status_code == 403
    assert Caller(who()).get("/v1/webhook_deliveries").status_code == 403


@pytest.mark.parametrize("who", [AdministratorFactory, AuditorFactory])
def test_the_clinic_sees_its_own_pharmacies_endpoints(client, who):
    member = who(clinic=client.pharmacy.clinic)
    mine = WebhookEndpointFactory(pharmacy=client.pharmacy)
    WebhookEndpointFactory()

    rows = Caller(member).get("/v1/webhook_endpoints").json()["data"]

    assert [row["id"] for row in rows] == [mine.ref]
    assert Caller(member).post("/v1/webhook_endpoints", {"url": URL}).status_code == 403


def test_rotating_gives_a_new_secret_and_honours_the_old_for_a_day(client):
    endpoint = WebhookEndpointFactory(pharmacy=client.pharmacy)

    answer = Caller(client).post(f"/v1/webhook_endpoints/{endpoint.ref}/rotate_secret", version=1)

    endpoint.refresh_from_db()
    assert answer.status_code == 200
    assert unseal(bytes(endpoint.secret_sealed), owner=endpoint.id) == answer.json()["secret"]
    assert unseal(bytes(endpoint.previous_secret_sealed), owner=endpoint.id) == SECRET
    entry = AuditEntry.objects.get(action="webhook_endpoint.rotate_secret")
    assert endpoint.previous_secret_until - entry.at == timedelta(hours=24)


def test_a_secret_is_sealed_for_its_own_endpoint_only():
    one, other = WebhookEndpointFactory(), WebhookEndpointFactory()

    with pytest.raises(InvalidTag):
        unseal(bytes(one.secret_sealed), owner=other.id)


def test_a_secret_survives_a_new_secret_key_while_the_old_is_a_fallback(settings):
    endpoint = WebhookEndpointFactory()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-another-key-another-key-another-key"

    assert unseal(bytes(endpoint.secret_sealed), owner=endpoint.id) == SECRET


def test_disabling_gives_up_what_waits_and_says_so(client):
    endpoint = WebhookEndpointFactory(pharmacy=client.pharmacy)
    waiting = WebhookDeliveryFactory(endpoint=endpoint)
    done = WebhookDeliveryFactory(endpoint=endpoint, delivered=True)

    answer = Caller(client).post(f"/v1/webhook_endpoints/{endpoint.ref}/disable", version=1)

    assert (answer.json()["status"], answer.json()["available_actions"]) == ("disabled", ["enable"])
    waiting.refresh_from_db()
    done.refresh_from_db()
    assert (waiting.status, waiting.last_error) == ("dead", "endpoint_disabled")
    assert done.status == "delivered"
    assert OutboxEvent.objects.get().type == "pharmacy.webhook_endpoint.disabled"
    again = Caller(client).post(f"/v1/webhook_endpoints/{endpoint.ref}/disable", version=2)
    assert again.status_code == 409


@pytest.mark.parametrize("verb", ["rotate_secret", "disable", "send_test"])
def test_a_change_asks_for_the_version_that_was_read(client, verb):
    endpoint = WebhookEndpointFactory(pharmacy=client.pharmacy)
    path = f"/v1/webhook_endpoints/{endpoint.ref}/{verb}"

    assert Caller(client).post(path).status_code == 428
    assert Caller(client).post(path, version=9).status_code == 412


def test_a_test_message_is_owed_at_once(client):
    endpoint = WebhookEndpointFactory(pharmacy=client.pharmacy, events=["claim.lapsed"])

    answer = Caller(client).post(f"/v1/webhook_endpoints/{endpoint.ref}/send_test", version=1)

    assert (answer.json()["type"], answer.json()["status"]) == ("webhook.test", "pending")
    delivery = WebhookDelivery.objects.get()
    assert delivery.payload["data"] == {"webhook_endpoint_id": endpoint.ref, "sequence": 0}


def test_dead_letters_can_be_listed_and_replayed(client):
    endpoint = WebhookEndpointFactory(pharmacy=client.pharmacy)
    dead = WebhookDeliveryFactory(endpoint=endpoint, dead=True)
    WebhookDeliveryFactory(endpoint=endpoint)
    WebhookDeliveryFactory(dead=True)

    rows = Caller(client).get("/v1/webhook_deliveries", status="dead").json()["data"]
    answer = Caller(client).post(f"/v1/webhook_deliveries/{dead.ref}/replay", version=1)

    assert [row["id"] for row in rows] == [dead.ref]
    assert (answer.status_code, answer.json()["status"], answer.json()["attempts"]) == (
        200,
        "pending",
        0,
    )


def test_nothing_is_replayed_to_a_disabled_endpoint_or_while_it_waits(client):
    disabled = WebhookEndpointFactory(pharmacy=client.pharmacy, disabled=True)
    enabled = WebhookEndpointFactory(pharmacy=client.pharmacy)
    dead = WebhookDeliveryFactory(endpoint=disabled, dead=True)
    waiting = WebhookDeliveryFactory(endpoint=enabled)

    for delivery in (dead, waiting):
        answer = Caller(client).post(f"/v1/webhook_deliveries/{delivery.ref}/replay", version=1)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


def test_a_list_costs_the_same_however_long_it_is(client, django_assert_num_queries):
    endpoint = WebhookEndpointFactory(pharmacy=client.pharmacy)
    WebhookDeliveryFactory(endpoint=endpoint)
    with django_assert_num_queries(4):
        Caller(client).get("/v1/webhook_deliveries")

    WebhookDeliveryFactory.create_batch(5, endpoint=endpoint, patient=PatientFactory())
    with django_assert_num_queries(4):
        assert len(Caller(client).get("/v1/webhook_deliveries").json()["data"]) == 6
