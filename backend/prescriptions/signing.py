"""The service's signature: Ed25519 over canonical bytes. Keys are told apart by their hash."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

ALGORITHM = "Ed25519"


def public_key() -> bytes:
    """The 32 bytes of the public key that is signed with now."""
    return _private().public_key().public_bytes_raw()


def key_id_of(public: bytes) -> str:
    """The id of a key: the first 32 hexadecimal digits of the SHA-256 of its public bytes."""
    return hashlib.sha256(public).hexdigest()[:32]


def sign(content: bytes) -> bytes:
    """64 bytes that only the holder of the key can make for this content."""
    return _private().sign(content)


def is_signed(content: bytes, signature: bytes, public: bytes) -> bool:
    """Whether the signature is that of the key over exactly these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(settings.SIGNING_KEY)
