"""Use case: a pharmacy's machine gets its key."""

from datetime import datetime
from uuid import UUID

from backend.accounts.keys import key_hash, key_prefix
from backend.accounts.models import ApiClient, Pharmacy
from backend.accounts.rules import API_CLIENTS, PHARMACIES
from backend.audit.record import record
from backend.db import service
from backend.kernel.actor import Actor


@service
def issue_api_client(
    *, pharmacy_id: UUID, name: str, key: str, by: Actor, at: datetime
) -> ApiClient:
    """The new client. Of `key` (see `keys.new_key`) only the prefix and the hash are kept.

    Raises NotAllowedFromHere (409) for a pharmacy that was deactivated.
    """
    pharmacy = Pharmacy.objects.select_for_update(of=("self",)).get(id=pharmacy_id)
    PHARMACIES.check_move("deactivate", pharmacy.status)
    client = ApiClient.objects.create(
        pharmacy=pharmacy,
        name=name,
        key_prefix=key_prefix(key),
        key_hash=key_hash(key),
        created_at=at,
    )
    facts = {"pharmacy_id": pharmacy.ref, "key_prefix": client.key_prefix}
    record(API_CLIENTS["issue"].action, on=client, by=by, at=at, facts=facts)
    return client
