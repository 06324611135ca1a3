"""Give an endpoint a new secret."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.pharmacy.models import WebhookEndpoint
from backend.pharmacy.rules import HONOURED, WEBHOOK_ENDPOINTS
from backend.pharmacy.secret_box import new_secret, seal


@service
def rotate_secret(
    *, endpoint_id: UUID, by: Actor, at: datetime, expected_version: int | None = None
) -> WebhookEndpoint:
    """A new secret; for 24 hours the one before signs beside it.

    The attribute `new_secret` of the result is the only sight of it.
    """
    endpoint = (
        WebhookEndpoint.objects.select_for_update(of=("self",))
        .select_related("pharmacy")
        .get(id=endpoint_id)
    )
    WEBHOOK_ENDPOINTS.check_move("rotate_secret", endpoint.status)
    check_version(endpoint, expected_version)
    secret = new_secret()
    endpoint.previous_secret_sealed = endpoint.secret_sealed
    endpoint.previous_secret_until = at + HONOURED
    endpoint.secret_sealed = seal(secret, owner=endpoint.id)
    save_changes(endpoint, "secret_sealed", "previous_secret_sealed", "previous_secret_until")
    endpoint.new_secret = secret  # type: ignore[attr-defined]  # shown once, never read back
    record(WEBHOOK_ENDPOINTS["rotate_secret"].action, on=endpoint, by=by, at=at)
    return endpoint
