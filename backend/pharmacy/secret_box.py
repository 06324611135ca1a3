"""Webhook secrets: made here, and kept sealed for their endpoint."""

import secrets
from base64 import b64encode
from uuid import UUID

from backend import secret_box

_PURPOSE = "pharmacy.webhook_secret.v1"


def new_secret() -> str:
    """A Standard Webhooks secret: `whsec_` and base64 of 32 random bytes."""
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


def seal(secret: str, *, owner: UUID) -> bytes:
    """The secret, encrypted for one endpoint: its id is the associated data."""
    return secret_box.seal(secret.encode(), purpose=_PURPOSE, bound_to=owner.bytes)


def unseal(sealed: bytes, *, owner: UUID) -> str:
    """The secret again. Raises InvalidTag when it is another's, or no key of ours fits."""
    return secret_box.unseal(sealed, purpose=_PURPOSE, bound_to=owner.bytes).decode()
