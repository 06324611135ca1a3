"""Webhook secrets at rest: AES-256-GCM under a key made from SECRET_KEY (or its fallbacks)."""

import secrets
from base64 import b64encode
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_BYTES = 12


def new_secret() -> str:
    """A Standard Webhooks secret: `whsec_` and base64 of 32 random bytes."""
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


def seal(secret: str, *, owner: UUID) -> bytes:
    """The secret, encrypted for one endpoint: its id is the associated data."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, secret.encode(), owner.bytes)


def unseal(sealed: bytes, *, owner: UUID) -> str:
    """The secret again. Raises InvalidTag when it is another's, or no key of ours fits."""
    nonce, text = bytes(sealed[:_NONCE_BYTES]), bytes(sealed[_NONCE_BYTES:])
    for key in (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)):
        try:
            return AESGCM(_key(key)).decrypt(nonce, text, owner.bytes).decode()
        except InvalidTag:
            continue
    raise InvalidTag


def _key(secret_key: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"pharmacy.webhook_secret.v1")
    return derive.derive(secret_key.encode())
