"""Use case: a key is replaced without an interruption."""

from datetime import datetime
from uuid import UUID

from backend.accounts.keys import key_hash, key_prefix
from backend.accounts.models import ApiClient
from backend.accounts.rules import API_CLIENTS, OVERLAP_OF_KEYS
from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor


@service
def rotate_api_client(
    *, client_id: UUID, key: str, by: Actor, at: datetime, expected_version: int | None = None
) -> ApiClient:
    """A successor with the new `key`; the old client ends 24 hours later.

    Raises NotAllowedFromHere (409).
    """
    client = (
        ApiClient.objects.select_for_update(of=("self",))
        .select_related("pharmacy")
        .get(id=client_id)
    )
    API_CLIENTS.check_move("rotate", client.status)
    check_version(client, expected_version)

    client.expires_at = at + OVERLAP_OF_KEYS
    save_changes(client, "expires_at")
    successor = ApiClient.objects.create(
        pharmacy=client.pharmacy,
        name=client.name,
        key_prefix=key_prefix(key),
        key_hash=key_hash(key),
        created_at=at,
    )
    facts = {"successor_id": successor.ref, "key_prefix": successor.key_prefix}
    record(API_CLIENTS["rotate"].action, on=client, by=by, at=at, facts=facts)
    return successor
