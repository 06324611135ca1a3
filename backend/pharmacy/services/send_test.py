"""Send a test message to an endpoint."""

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from backend.audit.record import instant, record
from backend.db import check_version, service
from backend.kernel.actor import Actor
from backend.pharmacy.models import WebhookDelivery, WebhookEndpoint
from backend.pharmacy.rules import WEBHOOK_ENDPOINTS
from backend.pharmacy.webhook_types import WEBHOOK_TEST


@service
def send_test(
    *, endpoint_id: UUID, by: Actor, at: datetime, expected_version: int | None = None
) -> WebhookDelivery:
    """Queue a `webhook.test` message, whatever types the endpoint asked for."""
    endpoint = (
        WebhookEndpoint.objects.select_for_update(of=("self",))
        .select_related("pharmacy")
        .get(id=endpoint_id)
    )
    WEBHOOK_ENDPOINTS.check_move("send_test", endpoint.status)
    check_version(endpoint, expected_version)
    delivery = WebhookDelivery.objects.create(
        endpoint=endpoint,
        source=f"test:{uuid7()}",
        type=WEBHOOK_TEST,
        sequence=0,
        payload={
            "type": WEBHOOK_TEST,
            "timestamp": instant(at),
            "data": {"webhook_endpoint_id": endpoint.ref, "sequence": 0},
        },
        next_at=at,
        created_at=at,
    )
    record(WEBHOOK_ENDPOINTS["send_test"].action, on=endpoint, by=by, at=at)
    return delivery
