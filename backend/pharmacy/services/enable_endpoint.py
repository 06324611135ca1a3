"""Send to a disabled endpoint again."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, refused_by, save_changes, service
from backend.kernel.actor import Actor
from backend.pharmacy.errors import EndpointExists
from backend.pharmacy.models import WebhookEndpoint
from backend.pharmacy.rules import WEBHOOK_ENDPOINTS, EndpointStatus


@service
def enable_endpoint(
    *, endpoint_id: UUID, by: Actor, at: datetime, expected_version: int | None = None
) -> WebhookEndpoint:
    """Enable it. What was given up meanwhile is not sent by itself: replay it.

    Raises EndpointExists (409) when another enabled endpoint has the URL.
    """
    endpoint = (
        WebhookEndpoint.objects.select_for_update(of=("self",))
        .select_related("pharmacy")
        .get(id=endpoint_id)
    )
    WEBHOOK_ENDPOINTS.check_move("enable", endpoint.status)
    check_version(endpoint, expected_version)
    endpoint.status = EndpointStatus.ENABLED
    endpoint.disabled_at = endpoint.disabled_reason = None
    with refused_by({"webhook_endpoint_once": EndpointExists}):
        save_changes(endpoint, "status", "disabled_at", "disabled_reason")
    record(WEBHOOK_ENDPOINTS["enable"].action, on=endpoint, by=by, at=at)
    return endpoint
