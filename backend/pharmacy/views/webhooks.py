"""Webhook endpoints and deliveries over HTTP."""

import django_filters as filters
from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.fields import NoBody
from backend.api.filters import IdFilter, ListFilters
from backend.api.schema import operation
from backend.kernel.errors import Forbidden
from backend.pharmacy.queries import webhook_deliveries_visible_to, webhook_endpoints_visible_to
from backend.pharmacy.rules import (
    WEBHOOK_DELIVERIES,
    WEBHOOK_ENDPOINTS,
    DeliveryStatus,
    EndpointStatus,
)
from backend.pharmacy.serializers.webhooks import (
    CreateWebhookEndpointIn,
    WebhookDeliveryOut,
    WebhookDeliveryWithLogOut,
    WebhookEndpointOut,
    WebhookEndpointWithSecretOut,
)
from backend.pharmacy.services.create_endpoint import create_endpoint
from backend.pharmacy.services.disable_endpoint import disable_endpoint
from backend.pharmacy.services.enable_endpoint import enable_endpoint
from backend.pharmacy.services.replay_delivery import replay_delivery
from backend.pharmacy.services.rotate_secret import rotate_secret
from backend.pharmacy.services.send_test import send_test


class EndpointFilters(ListFilters):
    """By status."""

    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in EndpointStatus])


class DeliveryFilters(ListFilters):
    """By status (`dead` are the dead letters) and endpoint."""

    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in DeliveryStatus])
    endpoint = IdFilter("whk", field_name="endpoint_id")


class WebhookEndpoints(Endpoint):
    """GET and POST /v1/webhook_endpoints"""

    verbs = {"get": WEBHOOK_ENDPOINTS["list"], "post": WEBHOOK_ENDPOINTS["create"]}
    filters = EndpointFilters

    @operation(gives=WebhookEndpointOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The pharmacy's endpoints, the newest first."""
        return self.listed(webhook_endpoints_visible_to(self.actor), WebhookEndpointOut)

    @operation(takes=CreateWebhookEndpointIn, gives=WebhookEndpointWithSecretOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Register an endpoint; the answer is the only sight of its secret."""
        asked = self.asked(CreateWebhookEndpointIn)
        pharmacy_id = self.actor.pharmacy_id
        if pharmacy_id is None:
            raise Forbidden()
        return self.act(
            lambda: create_endpoint(
                pharmacy_id=pharmacy_id,
                url=asked["url"],
                event_types=asked["events"],
                by=self.actor,
                at=clock.now(),
            ),
            WebhookEndpointWithSecretOut,
            status=201,
        )


class OneWebhookEndpoint(Endpoint):
    """GET /v1/webhook_endpoints/{endpoint_id}"""

    verbs = {"get": WEBHOOK_ENDPOINTS["read"]}

    @operation(gives=WebhookEndpointOut)
    def get(self, request: Request, endpoint_id: str) -> HttpResponse:  # noqa: ARG002
        """One endpoint."""
        found = self.find(webhook_endpoints_visible_to(self.actor), endpoint_id)
        return self.look(found, WebhookEndpointOut)


class RotateSecret(Endpoint):
    """POST /v1/webhook_endpoints/{endpoint_id}/rotate_secret"""

    verbs = {"post": WEBHOOK_ENDPOINTS["rotate_secret"]}

    @operation(takes=NoBody, gives=WebhookEndpointWithSecretOut)
    def post(self, request: Request, endpoint_id: str) -> HttpResponse:  # noqa: ARG002
        """A new secret, shown once; the old one signs beside it for 24 hours."""
        self.asked(NoBody)
        found = self.find(webhook_endpoints_visible_to(self.actor), endpoint_id)
        version = self.expected_version()
        return self.act(
            lambda: rotate_secret(
                endpoint_id=found.id, expected_version=version, by=self.actor, at=clock.now()
            ),
            WebhookEndpointWithSecretOut,
        )


class DisableEndpoint(Endpoint):
    """POST /v1/webhook_endpoints/{endpoint_id}/disable"""

    verbs = {"post": WEBHOOK_ENDPOINTS["disable"]}

    @operation(takes=NoBody, gives=WebhookEndpointOut)
    def post(self, request: Request, endpoint_id: str) -> HttpResponse:  # noqa: ARG002
        """Send nothing more there; what waits is given up and can be replayed later."""
        self.asked(NoBody)
        found = self.find(webhook_endpoints_visible_to(self.actor), endpoint_id)
        version = self.expected_version()
        return self.act(
            lambda: disable_endpoint(
                endpoint_id=found.id, expected_version=version, by=self.actor, at=clock.now()
            ),
            WebhookEndpointOut,
        )


class EnableEndpoint(Endpoint):
    """POST /v1/webhook_endpoints/{endpoint_id}/enable"""

    verbs = {"post": WEBHOOK_ENDPOINTS["enable"]}

    @operation(takes=NoBody, gives=WebhookEndpointOut)
    def post(self, request: Request, endpoint_id: str) -> HttpResponse:  # noqa: ARG002
        """Send there again, with the secret it had."""
        self.asked(NoBody)
        found = self.find(webhook_endpoints_visible_to(self.actor), endpoint_id)
        version = self.expected_version()
        return self.act(
            lambda: enable_endpoint(
                endpoint_id=found.id, expected_version=version, by=self.actor, at=clock.now()
            ),
            WebhookEndpointOut,
        )


class SendTest(Endpoint):
    """POST /v1/webhook_endpoints/{endpoint_id}/send_test"""

    verbs = {"post": WEBHOOK_ENDPOINTS["send_test"]}

    @operation(takes=NoBody, gives=WebhookDeliveryOut)
    def post(self, request: Request, endpoint_id: str) -> HttpResponse:  # noqa: ARG002
        """Queue a `webhook.test` message."""
        self.asked(NoBody)
        found = self.find(webhook_endpoints_visible_to(self.actor), endpoint_id)
        version = self.expected_version()
        return self.act(
            lambda: send_test(
                endpoint_id=found.id, expected_version=version, by=self.actor, at=clock.now()
            ),
            WebhookDeliveryOut,
        )


class WebhookDeliveries(Endpoint):
    """GET /v1/webhook_deliveries"""

    verbs = {"get": WEBHOOK_DELIVERIES["list"]}
    filters = DeliveryFilters

    @operation(gives=WebhookDeliveryOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """What was sent, and what is owed; `?status=dead` are the dead letters."""
        return self.listed(webhook_deliveries_visible_to(self.actor), WebhookDeliveryOut)


class OneWebhookDelivery(Endpoint):
    """GET /v1/webhook_deliveries/{delivery_id}"""

    verbs = {"get": WEBHOOK_DELIVERIES["read"]}

    @operation(gives=WebhookDeliveryWithLogOut)
    def get(self, request: Request, delivery_id: str) -> HttpResponse:  # noqa: ARG002
        """One delivery with every try."""
        found = self.find(
            webhook_deliveries_visible_to(self.actor).prefetch_related("log"), delivery_id
        )
        return self.look(found, WebhookDeliveryWithLogOut)


class ReplayDelivery(Endpoint):
    """POST /v1/webhook_deliveries/{delivery_id}/replay"""

    verbs = {"post": WEBHOOK_DELIVERIES["replay"]}

    @operation(takes=NoBody, gives=WebhookDeliveryOut)
    def post(self, request: Request, delivery_id: str) -> HttpResponse:  # noqa: ARG002
        """Send it once more, under the same `webhook-id`."""
        self.asked(NoBody)
        found = self.find(webhook_deliveries_visible_to(self.actor), delivery_id)
        version = self.expected_version()
        return self.act(
            lambda: replay_delivery(
                delivery_id=found.id, expected_version=version, by=self.actor, at=clock.now()
            ),
            WebhookDeliveryOut,
        )
