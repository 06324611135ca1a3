"""The only writer of the audit trail."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from backend.audit.models import AuditEntry, Outcome
from backend.db import append, require_transaction
from backend.kernel.actor import Actor
from backend.kernel.canonical import canonical
from backend.origin import origin


class Recorded(Protocol):
    """A thing that an entry can be about: a row with a public ref."""

    @property
    def ref(self) -> str:
        """The public id."""


def record(
    action: str,
    *,
    on: Recorded,
    by: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    outcome: Outcome = Outcome.DONE,
) -> AuditEntry:
    """Append one entry in the transaction of the act that it records.

    `facts` holds ids, codes, numbers as strings and hashes: never names, addresses, free text
    or secrets. Raises RuntimeError outside a transaction.
    """
    require_transaction()
    entry = entry_for(action, on=on, by=by, at=at, facts=facts, outcome=outcome)
    append(entry)
    return entry


def record_each(
    action: str, *, on: Iterable[Recorded], by: Actor, at: datetime, facts: Mapping[str, Any]
) -> None:
    """Append one entry for each thing, in one statement: a list shows many patients at once."""
    require_transaction()
    AuditEntry.objects.bulk_create(
        [entry_for(action, on=thing, by=by, at=at, facts=facts) for thing in on]
    )


def entry_for(
    action: str,
    *,
    on: Recorded,
    by: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None,
    outcome: Outcome = Outcome.DONE,
) -> AuditEntry:
    """The entry, not yet saved, with its canonical bytes and RFC 6962 leaf hash."""
    context = origin()
    clinic_id, patient = _clinic(on, by), patient_ref(on)
    content = {
        "action": action,
        "actor": by.label,
        "actor_role": by.role.value,
        "at": instant(at),
        "clinic_id": clinic_id,
        "facts": dict(facts or {}),
        "object": on.ref,
        "outcome": outcome.value,
        "patient": patient,
        "purpose": context.purpose,
        "request_id": context.request_id,
    }
    body = canonical(content)
    return AuditEntry(
        at=at,
        clinic_id=clinic_id,
        actor=by.label,
        actor_role=by.role.value,
        action=action,
        object_ref=on.ref,
        patient_ref=patient,
        outcome=outcome,
        request_id=context.request_id,
        body=body,
        leaf=leaf_hash(body),
    )


def instant(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds: one spelling for one instant."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def leaf_hash(body: bytes) -> bytes:
    """SHA-256 of 0x00 and the bytes (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x00" + body).digest()


def patient_ref(thing: Any) -> str | None:
    """The public id of the patient whom a thing concerns, if any: itself, or its `patient`."""
    patient = getattr(thing, "patient", None)
    if patient is not None:
        return str(patient.ref)
    return thing.ref if thing.ref.startswith("pt_") else None


def _clinic(thing: Any, by: Actor) -> str | None:
    patient = getattr(thing, "patient", None)
    clinic: UUID | None = getattr(thing, "clinic_id", None) or getattr(patient, "clinic_id", None)
    clinic = clinic or by.clinic_id
    return str(clinic) if clinic else None
