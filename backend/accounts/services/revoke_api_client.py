"""Use case: a key must stop working now."""

from datetime import datetime
from uuid import UUID

from backend.accounts.models import ApiClient
from backend.accounts.rules import API_CLIENTS
from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor


@service
def revoke_api_client(
    *, client_id: UUID, by: Actor, at: datetime, expected_version: int | None = None
) -> ApiClient:
    """The client, whose key answers 401 from this commit on. Raises NotAllowedFromHere (409)."""
    client = (
        ApiClient.objects.select_for_update(of=("self",))
        .select_related("pharmacy")
        .get(id=client_id)
    )
    API_CLIENTS.check_move("revoke", client.status)
    check_version(client, expected_version)

    client.revoked_at = at
    save_changes(client, "revoked_at")

    record(API_CLIENTS["revoke"].action, on=client, by=by, at=at)
    return client
