"""What entries say, for those who may read it: the patient behind them, and their facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from backend.audit.ciphers import PatientCipher
from backend.audit.keys import ciphers_behind
from backend.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class OpenedEntry:
    """An entry with what its patient's key opens; both are None once the key is destroyed."""

    entry: AuditEntry
    patient_ref: str | None
    facts: dict[str, Any] | None
    salt: bytes | None


def opened(entries: Iterable[AuditEntry]) -> list[OpenedEntry]:
    """The entries, opened with the keys that still exist; one query for all of them."""
    rows = list(entries)
    ciphers = ciphers_behind(row.pseudonym for row in rows if row.pseudonym)
    return [_opened(row, ciphers.get(row.pseudonym or "")) for row in rows]


def _opened(entry: AuditEntry, cipher: PatientCipher | None) -> OpenedEntry:
    if entry.sealed_facts is None:
        ref = cipher.patient_ref if cipher else None
        return OpenedEntry(entry, ref, entry.content.get("facts", {}), None)
    if cipher is None:
        return OpenedEntry(entry, None, None, None)
    facts, salt = cipher.open(bytes(entry.sealed_facts))
    return OpenedEntry(entry, cipher.patient_ref, facts, salt)
