"""Keys of pharmacy clients: `rx_test_<8>_<43>`, of which only a prefix and a hash are kept."""

import hashlib
import secrets

_LETTERS = "abcdefghjkmnpqrstvwxyz0123456789"


def new_key(*, sandbox: bool) -> str:
    """A new key with 256 random bits; `rx_live_…` outside a sandbox."""
    public = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"rx_{'test' if sandbox else 'live'}_{public}_{secrets.token_urlsafe(32)}"


def key_prefix(key: str) -> str:
    """The public part of a key, by which it is found; empty for what is no key."""
    parts = key.split("_", 3)  # the secret itself may hold underscores
    return parts[2][:16] if len(parts) == 4 else ""


def key_hash(key: str) -> bytes:
    """What is kept of a key: it holds 256 random bits, so one SHA-256 is enough."""
    return hashlib.sha256(key.encode()).digest()
