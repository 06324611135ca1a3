"""Stop sending to an endpoint because somebody asked."""

from datetime import datetime
from uuid import UUID

from backend.db import check_version, service
from backend.kernel.actor import Actor
from backend.pharmacy.models import WebhookEndpoint
from backend.pharmacy.rules import WEBHOOK_ENDPOINTS
from backend.pharmacy.steps.disable_endpoint import disable


@service
def disable_endpoint(
    *, endpoint_id: UUID, by: Actor, at: datetime, expected_version: int | None = None
) -> WebhookEndpoint:
    """Disable it; what it is still owed is given up and can be replayed later."""
    endpoint = (
        WebhookEndpoint.objects.select_for_update(of=("self",))
        .select_related("pharmacy")
        .get(id=endpoint_id)
    )
    WEBHOOK_ENDPOINTS.check_move("disable", endpoint.status)
    check_version(endpoint, expected_version)
    return disable(endpoint, reason="asked", by=by, at=at)
