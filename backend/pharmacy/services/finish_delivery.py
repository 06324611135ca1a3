"""Write down how a try ended."""

from datetime import datetime
from uuid import UUID

from backend.audit.models import Outcome
from backend.audit.record import record
from backend.db import save_changes, service
from backend.kernel.actor import Actor
from backend.kernel.errors import LeaseLost
from backend.outbox.emit import emit
from backend.pharmacy import events
from backend.pharmacy.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from backend.pharmacy.post import Answer
from backend.pharmacy.rules import (
    WEBHOOK_DELIVERIES,
    DeliveryStatus,
    EndpointStatus,
    is_success,
    wait_before_next,
)
from backend.pharmacy.steps.disable_endpoint import disable

GONE = 410


@service
def finish_delivery(
    *, delivery_id: UUID, epoch: int, answer: Answer, by: Actor, at: datetime
) -> bool:
    """Delivered, or failed and due again, or dead. Counts only under the epoch that sent it.

    Returns whether it counted: a sender whose lease has lapsed only adds to the log. A receiver
    that answers 410 is disabled.
    """
    if answer.http_status == GONE:  # the endpoint before its deliveries, as `disable` locks them
        WebhookEndpoint.objects.select_for_update().get(deliveries__id=delivery_id)
    delivery = (
        WebhookDelivery.objects.select_for_update(of=("self",))
        .select_related("endpoint__pharmacy", "patient")
        .get(id=delivery_id)
    )
    WebhookAttempt.objects.create(
        delivery=delivery,
        epoch=epoch,
        phase="ended",
        at=at,
        http_status=answer.http_status,
        error=answer.error,
        duration_ms=answer.duration_ms,
    )
    if delivery.status != DeliveryStatus.LEASED or delivery.epoch != epoch:
        _too_late(delivery, epoch, by, at)
        return False
    _settle(delivery, answer, at)
    _announce(delivery, by, at)
    if answer.http_status == GONE and delivery.endpoint.status == EndpointStatus.ENABLED:
        disable(delivery.endpoint, reason="gone", by=by, at=at)
    return True


def _too_late(delivery: WebhookDelivery, epoch: int, by: Actor, at: datetime) -> None:
    facts = {"code": LeaseLost.code, "epoch": str(epoch)}
    action, outcome = WEBHOOK_DELIVERIES["finish"].action, Outcome.REFUSED
    record(action, on=delivery, by=by, at=at, facts=facts, outcome=outcome)


def _settle(delivery: WebhookDelivery, answer: Answer, at: datetime) -> None:
    delivery.lease_until = None
    delivery.last_http_status, delivery.last_error = answer.http_status, answer.error
    wait = wait_before_next(delivery.attempts, key=delivery.ref)
    if is_success(answer.http_status):
        delivery.status, delivery.delivered_at = DeliveryStatus.DELIVERED, at
    elif wait is None or answer.http_status == GONE:
        delivery.status = DeliveryStatus.DEAD
    else:
        delivery.status, delivery.next_at = DeliveryStatus.FAILED, at + wait
    save_changes(
        delivery,
        "status",
        "lease_until",
        "next_at",
        "delivered_at",
        "last_http_status",
        "last_error",
    )


def _announce(delivery: WebhookDelivery, by: Actor, at: datetime) -> None:
    facts = {
        "status": delivery.status,
        "attempt": str(delivery.attempts),
        "http_status": str(delivery.last_http_status or ""),
        "error": delivery.last_error,
    }
    record(WEBHOOK_DELIVERIES["finish"].action, on=delivery, by=by, at=at, facts=facts)
    if delivery.status == DeliveryStatus.DEAD:
        payload = {
            "webhook_delivery_id": delivery.ref,
            "webhook_endpoint_id": delivery.endpoint.ref,
        }
        emit(events.WEBHOOK_DELIVERY_GIVEN_UP, at=at, payload=payload)
