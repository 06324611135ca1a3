"""Send a delivery once more."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.pharmacy.models import WebhookDelivery
from backend.pharmacy.rules import WEBHOOK_DELIVERIES, WEBHOOK_ENDPOINTS, DeliveryStatus


@service
def replay_delivery(
    *, delivery_id: UUID, by: Actor, at: datetime, expected_version: int | None = None
) -> WebhookDelivery:
    """Due now, with ten tries before it and the same webhook-id; its endpoint must be enabled."""
    delivery = (
        WebhookDelivery.objects.select_for_update(of=("self",))
        .select_related("endpoint__pharmacy", "patient")
        .get(id=delivery_id)
    )
    WEBHOOK_DELIVERIES.check_move("replay", delivery.status)
    check_version(delivery, expected_version)
    WEBHOOK_ENDPOINTS.check_move("send_test", delivery.endpoint.status)
    delivery.status, delivery.next_at = DeliveryStatus.PENDING, at
    delivery.attempts, delivery.delivered_at = 0, None
    save_changes(delivery, "status", "next_at", "attempts", "delivered_at")
    record(WEBHOOK_DELIVERIES["replay"].action, on=delivery, by=by, at=at)
    return delivery
