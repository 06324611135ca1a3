"""Register a webhook endpoint."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from uuid_utils.compat import uuid7

from backend.accounts.models import Pharmacy
from backend.audit.record import record
from backend.db import lock_for, refused_by, service
from backend.kernel.actor import Actor
from backend.kernel.errors import FieldError, Invalid
from backend.kernel.text import Text
from backend.pharmacy.addresses import AddressRefused, check_url
from backend.pharmacy.errors import EndpointExists, TooManyEndpoints
from backend.pharmacy.models import WebhookEndpoint
from backend.pharmacy.rules import MAX_ENDPOINTS, WEBHOOK_ENDPOINTS, EndpointStatus
from backend.pharmacy.secret_box import new_secret, seal


@service
def create_endpoint(
    *, pharmacy_id: UUID, url: str, event_types: Sequence[str], by: Actor, at: datetime
) -> WebhookEndpoint:
    """An enabled endpoint; its attribute `new_secret` is the only sight of the secret.

    Raises Invalid (400) for a URL that we never send to, EndpointExists (409),
    TooManyEndpoints (422).
    """
    try:
        check_url(url, sandbox=settings.SANDBOX)
    except AddressRefused as refused:
        raise Invalid(errors=[FieldError("/url", "url_not_allowed", _why(str(refused)))]) from None
    lock_for(pharmacy_id)
    enabled = WebhookEndpoint.objects.filter(pharmacy_id=pharmacy_id, status=EndpointStatus.ENABLED)
    if enabled.count() >= MAX_ENDPOINTS:
        raise TooManyEndpoints()
    secret, endpoint_id = new_secret(), uuid7()
    with refused_by({"webhook_endpoint_once": EndpointExists}):
        endpoint = WebhookEndpoint.objects.create(
            id=endpoint_id,
            pharmacy=Pharmacy.objects.get(id=pharmacy_id),
            url=url,
            events=sorted(set(event_types)),
            secret_sealed=seal(secret, owner=endpoint_id),
            created_at=at,
        )
    endpoint.new_secret = secret  # type: ignore[attr-defined]  # shown once, never read back
    record(
        WEBHOOK_ENDPOINTS["create"].action,
        on=endpoint,
        by=by,
        at=at,
        facts={"events": endpoint.events},
    )
    return endpoint


def _why(reason: str) -> Text:
    return Text(
        f"このURLには送信できません（{reason}）。公開されたhttpsのURLを指定してください。",
        f"We do not send there ({reason}): give a public https URL, port 443 or from 1024.",
    )
