"""The webhooks in OpenAPI, and the JSON Schema of each message; both from one table."""

from typing import Any

from drf_spectacular.utils import OpenApiWebhook

from backend.pharmacy import webhook_types as types

_SAID = {
    types.PRESCRIPTION_APPROVED: "A prescription was approved and can be claimed.",
    types.PRESCRIPTION_RELEASED: "A prescription can be claimed again.",
    types.PRESCRIPTION_VOIDED: "A prescription is void: hand nothing (more) over.",
    types.PRESCRIPTION_EXPIRED: "The last day to hand a prescription over has passed.",
    types.CLAIM_LAPSED: "Your claim of a prescription has lapsed; it is open again.",
    types.WEBHOOK_TEST: "A test message that you asked for.",
}
_SEQUENCE = {
    "type": "integer",
    "minimum": 0,
    "description": "Grows with each event: when two messages name one thing, the higher is later.",
}
_EXAMPLE_ID = "01hqxv5y2k8m3n4p5q6r7s8t9v"


def message_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the body of this type: ids only, no health data."""
    name, prefix = _named(kind)
    data = {
        "type": "object",
        "additionalProperties": False,
        "required": [name, "sequence"],
        "properties": {
            name: {"type": "string", "pattern": f"^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$"},
            "sequence": _SEQUENCE,
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": kind,
        "title": _SAID[kind],
        "type": "object",
        "additionalProperties": False,
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": kind},
            "timestamp": {
                "type": "string",
                "format": "date-time",
                "description": "When it happened, RFC 3339 in UTC.",
            },
            "data": data,
        },
    }


def _named(kind: str) -> tuple[str, str]:
    """What a message names, and the prefix of its id."""
    if kind == types.WEBHOOK_TEST:
        return "webhook_endpoint_id", "whk"
    return "prescription_id", "rx"


def _header(name: str, description: str, pattern: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": description,
        "schema": {"type": "string", "pattern": pattern},
    }


_HEADERS = [
    _header(
        "webhook-id", "Stays the same for every try: act on each id once.", "^whd_[0-9a-z]{26}$"
    ),
    _header(
        "webhook-timestamp",
        "Unix seconds of this try; refuse what is more than 300 s off.",
        "^[0-9]{10}$",
    ),
    _header(
        "webhook-signature",
        "Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`; "
        "two of them, with a space between, while a secret is rotated.",
        "^v1,[A-Za-z0-9+/=]{44}( v1,[A-Za-z0-9+/=]{44})?$",
    ),
]
_ANSWERS = {
    "2XX": {"description": "Taken. Anything else is tried again, ten times over 75 hours."},
    "410": {"description": "Gone: the endpoint is disabled."},
}


def _webhook(kind: str) -> OpenApiWebhook:
    name, prefix = _named(kind)
    schema = {key: value for key, value in message_schema(kind).items() if key[0] != "$"}
    example = {
        "type": kind,
        "timestamp": "2026-03-10T03:00:00.000000Z",
        "data": {name: f"{prefix}_{_EXAMPLE_ID}", "sequence": 4711},
    }
    operation = {
        "operationId": "webhook_" + kind.replace(".", "_"),
        "summary": _SAID[kind],
        "tags": ["webhook"],
        "parameters": _HEADERS,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": example}},
        },
        "responses": _ANSWERS,
    }
    return OpenApiWebhook(kind, {"post": operation})


APPROVED = _webhook(types.PRESCRIPTION_APPROVED)
RELEASED = _webhook(types.PRESCRIPTION_RELEASED)
VOIDED = _webhook(types.PRESCRIPTION_VOIDED)
EXPIRED = _webhook(types.PRESCRIPTION_EXPIRED)
LAPSED = _webhook(types.CLAIM_LAPSED)
TEST = _webhook(types.WEBHOOK_TEST)
