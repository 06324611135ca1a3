"""What a patient's key does: commit to facts, seal them, open them."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.kernel.canonical import canonical
from backend.secret_box import seal, unseal

PURPOSE = "patient-key"
_NONCE_BYTES = 12
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class PatientCipher:
    """An open key: commits to facts, seals them and opens them again."""

    patient_ref: str
    pseudonym: str
    aead: AESGCM

    def seal(self, facts: Mapping[str, Any]) -> tuple[str, bytes]:
        """The commitment to the facts (hex), and the facts with their salt, sealed."""
        salt = secrets.token_bytes(_SALT_BYTES)
        plain = canonical({"facts": dict(facts), "salt": salt.hex()})
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self.aead.encrypt(nonce, plain, self.pseudonym.encode())
        return commitment_to(facts, salt), sealed

    def open(self, sealed: bytes) -> tuple[dict[str, Any], bytes]:
        """The facts and their salt. Raises InvalidTag when they are not this patient's."""
        plain = json.loads(self.open_bytes(sealed))
        return cast(dict[str, Any], plain["facts"]), bytes.fromhex(plain["salt"])

    def open_bytes(self, sealed: bytes) -> bytes:
        """The canonical bytes that were sealed: `{"facts":…,"salt":"…"}`. Raises InvalidTag."""
        nonce, text = bytes(sealed[:_NONCE_BYTES]), bytes(sealed[_NONCE_BYTES:])
        return self.aead.decrypt(nonce, text, self.pseudonym.encode())


def commitment_to(facts: Mapping[str, Any], salt: bytes) -> str:
    """SHA-256 over the salt and the facts' canonical bytes, in hexadecimal."""
    return hashlib.sha256(salt + canonical(facts)).hexdigest()


def new_pseudonym() -> str:
    """A name that says nothing: `psn_` and 104 random bits."""
    return f"psn_{secrets.token_hex(13)}"


def new_wrapped_key(patient_ref: str, pseudonym: str) -> bytes:
    """A new key, itself sealed, for this patient under this pseudonym only."""
    place = _place(patient_ref, pseudonym)
    return seal(AESGCM.generate_key(256), purpose=PURPOSE, bound_to=place)


def cipher_from(patient_ref: str, pseudonym: str, wrapped: bytes) -> PatientCipher:
    """The open key. Raises InvalidTag when it was sealed for another patient or pseudonym."""
    key = unseal(wrapped, purpose=PURPOSE, bound_to=_place(patient_ref, pseudonym))
    return PatientCipher(patient_ref, pseudonym, AESGCM(key))


def _place(patient_ref: str, pseudonym: str) -> bytes:
    return f"{patient_ref} {pseudonym}".encode()
