"""What PostgreSQL refuses about webhooks, whoever asks."""

import pytest
from django.db import IntegrityError, connection
from django.db.utils import ProgrammingError

from backend.pharmacy.models import WebhookAttempt
from tests.factories.accounts import PharmacyFactory
from tests.factories.pharmacy import NOW, WebhookDeliveryFactory, WebhookEndpointFactory

pytestmark = pytest.mark.django_db
URL = "https://pharmacy.example/hooks"


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [
        ({"status": "asleep"}, "webhook_endpoint_status_known"),
        ({"status": "disabled"}, "webhook_endpoint_status_known"),
        ({"disabled_at": NOW, "status": "disabled"}, "webhook_endpoint_disabled_with_reason"),
        ({"previous_secret_until": NOW}, "webhook_endpoint_previous_secret_ends"),
    ],
)
def test_the_database_refuses_an_impossible_endpoint(broken, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        WebhookEndpointFactory(**broken)


def test_the_database_refuses_two_enabled_endpoints_with_one_url():
    pharmacy = PharmacyFactory()
    WebhookEndpointFactory(pharmacy=pharmacy, url=URL)
    WebhookEndpointFactory(pharmacy=pharmacy, url=URL, disabled=True)
    WebhookEndpointFactory(url=URL)

    with pytest.raises(IntegrityError, match="webhook_endpoint_once"):
        WebhookEndpointFactory(pharmacy=pharmacy, url=URL)


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [
        ({"status": "lost", "next_at": None}, "webhook_delivery_status_known"),
        ({"next_at": None}, "webhook_delivery_waits_for_something"),
        ({"status": "dead"}, "webhook_delivery_waits_for_something"),
        ({"status": "leased", "next_at": None}, "webhook_delivery_lease_while_leased"),
        ({"lease_until": NOW}, "webhook_delivery_lease_while_leased"),
        ({"status": "delivered", "next_at": None}, "webhook_delivery_delivered_with_time"),
        ({"delivered_at": NOW}, "webhook_delivery_delivered_with_time"),
    ],
)
def test_the_database_refuses_an_impossible_delivery(broken, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        WebhookDeliveryFactory(**broken)


def test_the_database_keeps_one_delivery_for_endpoint_and_event():
    first = WebhookDeliveryFactory()

    with pytest.raises(IntegrityError, match="webhook_delivery_once"):
        WebhookDeliveryFactory(endpoint=first.endpoint, source=first.source)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE pharmacy_webhookattempt SET http_status = 200", "DELETE FROM pharmacy_webhookattempt"],
)
def test_the_log_of_tries_cannot_be_changed(statement):
    WebhookAttempt.objects.create(delivery=WebhookDeliveryFactory(), epoch=1, phase="began", at=NOW)

    with pytest.raises(ProgrammingError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [({"phase": "maybe"}, "webhook_attempt_phase_known"), ({}, "webhook_attempt_once")],
)
def test_the_database_refuses_an_impossible_line_of_the_log(broken, constraint):
    given = {"delivery": WebhookDeliveryFactory(), "epoch": 1, "phase": "began", "at": NOW}
    WebhookAttempt.objects.create(**given)

    with pytest.raises(IntegrityError, match=constraint):
        WebhookAttempt.objects.create(**{**given, **broken})
