"""Take deliveries that are due, so that nobody else sends them meanwhile."""

from datetime import datetime

from django.db.models import Q

from backend.audit.record import record
from backend.db import save_changes, service
from backend.kernel.actor import Actor
from backend.kernel.canonical import canonical
from backend.outbox.emit import emit
from backend.pharmacy import events
from backend.pharmacy.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from backend.pharmacy.post import Outgoing
from backend.pharmacy.rules import (
    LEASE,
    MAX_TRIES,
    WAITING,
    WEBHOOK_DELIVERIES,
    DeliveryStatus,
)
from backend.pharmacy.secret_box import unseal


@service
def claim_deliveries(*, by: Actor, at: datetime, at_most: int = 8) -> list[Outgoing]:
    """Lease what is due at `at`, or whose lease has lapsed: what to send, oldest first.

    A delivery whose last try died with its process is given up here: a message that kills
    its sender cannot do so for ever. Commit first, send then, and finish under the same epoch.
    """
    lapsed = Q(status=DeliveryStatus.LEASED, lease_until__lte=at)
    due = (
        WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("endpoint__pharmacy", "patient")
        .filter(Q(status__in=WAITING, next_at__lte=at) | lapsed)
        .order_by("id")[:at_most]
    )
    return [out for delivery in due if (out := _claim(delivery, by, at)) is not None]


def _claim(delivery: WebhookDelivery, by: Actor, at: datetime) -> Outgoing | None:
    WEBHOOK_DELIVERIES.check_move("claim", delivery.status)
    delivery.next_at = None
    if delivery.attempts >= MAX_TRIES:
        _give_up(delivery, by, at)
        return None
    delivery.status, delivery.lease_until = DeliveryStatus.LEASED, at + LEASE
    delivery.epoch += 1
    delivery.attempts += 1
    save_changes(delivery, "status", "lease_until", "next_at", "epoch", "attempts")
    WebhookAttempt.objects.create(delivery=delivery, epoch=delivery.epoch, phase="began", at=at)
    facts = {"attempt": str(delivery.attempts), "endpoint": delivery.endpoint.ref}
    record(WEBHOOK_DELIVERIES["claim"].action, on=delivery, by=by, at=at, facts=facts)
    return Outgoing(
        delivery_id=delivery.id,
        epoch=delivery.epoch,
        message_id=delivery.ref,
        url=delivery.endpoint.url,
        body=canonical(delivery.payload),
        secrets=_secrets(delivery.endpoint, at),
        sent_at=at,
    )


def _give_up(delivery: WebhookDelivery, by: Actor, at: datetime) -> None:
    delivery.status, delivery.lease_until = DeliveryStatus.DEAD, None
    delivery.last_error = "sender_died"
    save_changes(delivery, "status", "lease_until", "next_at", "last_error")
    record(WEBHOOK_DELIVERIES["give_up"].action, on=delivery, by=by, at=at)
    payload = {
        "webhook_delivery_id": delivery.ref,
        "webhook_endpoint_id": delivery.endpoint.ref,
    }
    emit(events.WEBHOOK_DELIVERY_GIVEN_UP, at=at, payload=payload)


def _secrets(endpoint: WebhookEndpoint, at: datetime) -> tuple[str, ...]:
    boxes = [endpoint.secret_sealed]
    if endpoint.previous_secret_until is not None and at < endpoint.previous_secret_until:
        boxes.append(endpoint.previous_secret_sealed or b"")
    return tuple(unseal(bytes(box), owner=endpoint.id) for box in boxes)
