"""Shapes of webhook endpoints and deliveries."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.api.fields import Code, Line, PublicId, Shape
from backend.api.out import StatefulOut
from backend.pharmacy.rules import WEBHOOK_DELIVERIES, WEBHOOK_ENDPOINTS
from backend.pharmacy.webhook_types import TYPES

_ENDPOINT: dict[str, Any] = {
    "id": "whk_01hqxv5y2k8m3n4p5q6r7s8t9v",
    "version": 1,
    "status": "enabled",
    "available_actions": ["rotate_secret", "send_test", "disable"],
    "pharmacy": "ph_01hqxv5y2k8m3n4p5q6r7s8t9v",
    "url": "https://pharmacy.example/hooks/suhada",
    "events": ["prescription.approved", "prescription.voided"],
    "previous_secret_until": None,
    "created_at": "2026-03-10T03:00:00Z",
    "disabled_at": None,
    "disabled_reason": None,
}


class CreateWebhookEndpointIn(Shape):
    """Where to send, and what: https to a public host, port 443 or from 1024."""

    example: ClassVar[dict[str, Any]] = {
        "url": "https://pharmacy.example/hooks/suhada",
        "events": ["prescription.approved", "prescription.voided"],
    }

    url = Line(max_length=500)
    events = serializers.ListField(
        child=Code(TYPES), min_length=1, max_length=len(TYPES), default=list(TYPES)
    )


class WebhookEndpointOut(StatefulOut):
    """A webhook endpoint, without its secret."""

    table = WEBHOOK_ENDPOINTS
    example: ClassVar[dict[str, Any]] = _ENDPOINT

    pharmacy = PublicId("ph", source="pharmacy_id", read_only=True)
    url = serializers.CharField(read_only=True)
    events = serializers.ListField(child=serializers.ChoiceField(list(TYPES)), read_only=True)
    previous_secret_until = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="Until when the previous secret signs too."
    )
    created_at = serializers.DateTimeField(read_only=True)
    disabled_at = serializers.DateTimeField(read_only=True, allow_null=True)
    disabled_reason = serializers.ChoiceField(
        ["asked", "gone"], read_only=True, allow_null=True, help_text="gone: it answered 410."
    )


class WebhookEndpointWithSecretOut(WebhookEndpointOut):
    """A webhook endpoint at the one moment when its new secret is shown."""

    example: ClassVar[dict[str, Any]] = {
        **_ENDPOINT,
        "secret": "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    }

    secret = serializers.CharField(
        source="new_secret", read_only=True, help_text="Keep it: it is never shown again."
    )


class WebhookDeliveryOut(StatefulOut):
    """One message owed to one endpoint. `id` is the `webhook-id` of all its tries."""

    table = WEBHOOK_DELIVERIES
    example: ClassVar[dict[str, Any]] = {
        "id": "whd_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "version": 3,
        "status": "delivered",
        "available_actions": ["replay"],
        "endpoint": "whk_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "type": "prescription.approved",
        "sequence": 4711,
        "attempts": 1,
        "next_at": None,
        "last_http_status": 204,
        "last_error": "",
        "created_at": "2026-03-10T03:00:00Z",
        "delivered_at": "2026-03-10T03:00:01Z",
    }

    endpoint = PublicId("whk", source="endpoint_id", read_only=True)
    type = serializers.CharField(read_only=True)
    sequence = serializers.IntegerField(read_only=True, help_text="Order events by it.")
    attempts = serializers.IntegerField(read_only=True, help_text="Tries so far, of ten.")
    next_at = serializers.DateTimeField(read_only=True, allow_null=True)
    last_http_status = serializers.IntegerField(read_only=True, allow_null=True)
    last_error = serializers.CharField(
        read_only=True, help_text="Why there was no HTTP status: timeout, tls, connection …"
    )
    created_at = serializers.DateTimeField(read_only=True)
    delivered_at = serializers.DateTimeField(read_only=True, allow_null=True)


class WebhookAttemptOut(serializers.Serializer):
    """A line of the log: a try began, or ended."""

    epoch = serializers.IntegerField(read_only=True, help_text="Which try, replays included.")
    phase = serializers.ChoiceField(["began", "ended"], read_only=True)
    at = serializers.DateTimeField(read_only=True)
    http_status = serializers.IntegerField(read_only=True, allow_null=True)
    error = serializers.CharField(read_only=True)
    duration_ms = serializers.IntegerField(read_only=True, allow_null=True)


class WebhookDeliveryWithLogOut(WebhookDeliveryOut):
    """A delivery with every try."""

    example: ClassVar[dict[str, Any]] = {
        **WebhookDeliveryOut.example,
        "log": [
            {
                "epoch": 1,
                "phase": "began",
                "at": "2026-03-10T03:00:01Z",
                "http_status": None,
                "error": "",
                "duration_ms": None,
            }
        ],
    }

    log = WebhookAttemptOut(many=True, read_only=True)
