"""The patients' keys during one verification: each is asked for and opened once."""

from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from django.db import connection

from backend.audit.ciphers import PatientCipher, cipher_from

MISSING = "there is no key of this pseudonym"
SHUT = "the patient's key does not open: it is altered, or another patient's"
AT_MOST = 200_000  # keys that are remembered at a time

_KEYS = """
SELECT pseudonym, patient_ref, wrapped, destroyed_at IS NOT NULL FROM audit_patientkey
WHERE pseudonym = ANY(%s::text[])
"""
Found = PatientCipher | str | None


class Keys:
    """A pseudonym's open key; None for one that was destroyed; else what is wrong with it."""

    def __init__(self) -> None:
        self._known: dict[str, Found] = {}

    def load(self, pseudonyms: Iterable[str]) -> None:
        """Ask for those that are not known yet, in one query."""
        asked = set(pseudonyms) - self._known.keys()
        if not asked:
            return
        if len(self._known) > AT_MOST:
            self._known.clear()
        self._known |= dict.fromkeys(asked, MISSING)
        with connection.cursor() as cursor:
            cursor.execute(_KEYS, [list(asked)])
            for pseudonym, patient_ref, wrapped, is_destroyed in cursor.fetchall():
                self._known[pseudonym] = _opened(pseudonym, patient_ref, wrapped, is_destroyed)

    def __getitem__(self, pseudonym: str) -> Found:
        return self._known.get(pseudonym, MISSING)


def _opened(pseudonym: str, patient_ref: str | None, wrapped: bytes | None, gone: bool) -> Found:
    if gone:
        return None
    try:
        return cipher_from(str(patient_ref), pseudonym, bytes(wrapped or b""))
    except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce and a key
        return SHUT
