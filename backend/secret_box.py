"""Secrets at rest: AES-256-GCM under a key made from SECRET_KEY (or its fallbacks)."""

import secrets
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_BYTES = 12


def seal(plain: bytes, *, purpose: str, bound_to: bytes) -> bytes:
    """The bytes, encrypted for one purpose and one place (`bound_to`: whose or which row)."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher(settings.SECRET_KEY, purpose).encrypt(nonce, plain, bound_to)


def unseal(sealed: bytes, *, purpose: str, bound_to: bytes) -> bytes:
    """The bytes again. Raises InvalidTag when moved from elsewhere, or no key of ours fits."""
    nonce, text = bytes(sealed[:_NONCE_BYTES]), bytes(sealed[_NONCE_BYTES:])
    for key in (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)):
        try:
            return _cipher(key, purpose).decrypt(nonce, text, bound_to)
        except InvalidTag:
            continue
    raise InvalidTag


@cache
def _cipher(secret_key: str, purpose: str) -> AESGCM:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return AESGCM(derive.derive(secret_key.encode()))
