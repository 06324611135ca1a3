"""Stop sending to an endpoint: asked for, or because it answered 410."""

from datetime import datetime

from backend.audit.record import record
from backend.db import require_transaction, save_changes
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.pharmacy import events
from backend.pharmacy.models import WebhookDelivery, WebhookEndpoint
from backend.pharmacy.rules import WAITING, WEBHOOK_ENDPOINTS, DeliveryStatus, EndpointStatus


def disable(endpoint: WebhookEndpoint, *, reason: str, by: Actor, at: datetime) -> WebhookEndpoint:
    """Disable a locked endpoint; what it is still owed is given up, visibly.

    `reason` is `asked` or `gone`. A try that is under way may still arrive; it no longer counts.
    """
    require_transaction()
    WEBHOOK_ENDPOINTS.check_move("disable", endpoint.status)
    endpoint.status = EndpointStatus.DISABLED
    endpoint.disabled_at, endpoint.disabled_reason = at, reason
    save_changes(endpoint, "status", "disabled_at", "disabled_reason")
    given_up = _give_up_all(endpoint)
    record(
        WEBHOOK_ENDPOINTS["disable"].action,
        on=endpoint,
        by=by,
        at=at,
        facts={"reason": reason, "deliveries_given_up": str(given_up)},
    )
    payload = {"webhook_endpoint_id": endpoint.ref, "reason": reason}
    emit(events.WEBHOOK_ENDPOINT_DISABLED, at=at, payload=payload)
    return endpoint


def _give_up_all(endpoint: WebhookEndpoint) -> int:
    """Everything that waits for this endpoint becomes dead. Returns how many."""
    waiting = WebhookDelivery.objects.filter(
        endpoint=endpoint, status__in=[*WAITING, DeliveryStatus.LEASED]
    )
    return waiting.update(
        status=DeliveryStatus.DEAD,
        next_at=None,
        lease_until=None,
        last_error="endpoint_disabled",
    )
