"""The only writer of the audit trail."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import DatabaseError, models
from psycopg import errors as pg

from backend.audit.ciphers import PatientCipher
from backend.audit.errors import Unrecorded
from backend.audit.keys import ciphers_of, known_ciphers
from backend.audit.models import AuditEntry, Outcome
from backend.db import append, require_transaction
from backend.kernel.actor import Actor
from backend.kernel.canonical import canonical
from backend.origin import origin

_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)


@contextmanager
def heard() -> Iterator[list[str]]:
    """The actions that are recorded inside, as they come: for doors that must leave one."""
    actions: list[str] = []
    token = _heard.set(actions)
    try:
        yield actions
    finally:
        _heard.reset(token)


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
    or secrets. Of an entry that concerns a patient they are sealed under the patient's key, and
    the bytes that are proven hold a commitment to them. Raises RuntimeError outside a transaction,
    and Unrecorded (503), which undoes the act, when the entry cannot be written.
    """
    require_transaction()
    with _or_nothing(action):
        entry = entry_for(action, on=on, by=by, at=at, facts=facts, outcome=outcome)
        append(entry)
    return entry


def record_each(
    action: str, *, on: Iterable[Recorded], by: Actor, at: datetime, facts: Mapping[str, Any]
) -> None:
    """Append one entry for each thing, in one statement; nothing for nothing."""
    require_transaction()
    things = list(on)
    if not things:
        return
    with _or_nothing(action):
        ciphers = _ciphers_for(things)
        AuditEntry.objects.bulk_create(
            [
                _entry_for(_Act(action, each, by, at), ciphers.get(patient_ref(each) or ""), facts)
                for each in things
            ]
        )


def record_look_at_pseudonyms(action: str, *, on: Iterable[str], by: Actor, at: datetime) -> None:
    """Append one entry for each pseudonym: somebody read the trail of these patients.

    Works for patients whose key is destroyed as well; nothing is recorded beside the look.
    """
    require_transaction()
    with _or_nothing(action):
        AuditEntry.objects.bulk_create(
            [_entry(_Act(action, _Named(name), by, at), name, name, {"facts": {}}) for name in on]
        )


@contextmanager
def _or_nothing(action: str) -> Iterator[None]:
    """Raise Unrecorded (503) when the trail cannot be written: what it was about must not be."""
    try:
        yield
        if (actions := _heard.get()) is not None:
            actions.append(action)
    except DatabaseError as error:
        if isinstance(error.__cause__, pg.DeadlockDetected):
            raise  # a service tries once more (backend.db)
        raise Unrecorded() from error


@dataclass(frozen=True, slots=True)
class _Named:
    ref: str


@dataclass(frozen=True, slots=True)
class _Act:
    action: str
    on: Recorded
    by: Actor
    at: datetime
    outcome: Outcome = Outcome.DONE


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
    cipher = _ciphers_for([on]).get(patient_ref(on) or "")
    return _entry_for(_Act(action, on, by, at, outcome), cipher, facts)


def _ciphers_for(things: Iterable[Recorded]) -> dict[str, PatientCipher]:
    """The keys of the patients concerned. What is only named, not found, gets no new key."""
    rows: list[str] = []
    names: list[str] = []
    for thing in things:
        if (ref := patient_ref(thing)) is not None:
            (rows if isinstance(thing, models.Model) else names).append(ref)
    return (ciphers_of(rows) if rows else {}) | (known_ciphers(names) if names else {})


def _entry_for(
    act: _Act, cipher: PatientCipher | None, facts: Mapping[str, Any] | None
) -> AuditEntry:
    if cipher is None:
        return _entry(act, act.on.ref, None, {"facts": dict(facts or {})})
    named = cipher.pseudonym if act.on.ref == cipher.patient_ref else act.on.ref
    commitment, sealed = cipher.seal(facts or {})
    entry = _entry(act, named, cipher.pseudonym, {"commitment": commitment})
    entry.sealed_facts = sealed
    return entry


def _entry(act: _Act, named: str, pseudonym: str | None, said: Mapping[str, Any]) -> AuditEntry:
    context, clinic_id = origin(), _clinic(act.on, act.by)
    body = canonical(
        {
            "action": act.action,
            "actor": act.by.label,
            "actor_role": act.by.role.value,
            "at": instant(act.at),
            "clinic_id": str(clinic_id) if clinic_id else None,
            "object": named,
            "outcome": act.outcome.value,
            "patient": pseudonym,
            "purpose": context.purpose,
            "request_id": context.request_id,
            **said,
        }
    )
    return AuditEntry(
        at=act.at,
        clinic_id=clinic_id,
        actor=act.by.label,
        actor_role=act.by.role.value,
        action=act.action,
        object_ref=named,
        pseudonym=pseudonym,
        outcome=act.outcome,
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


def _clinic(thing: Any, by: Actor) -> UUID | None:
    patient = getattr(thing, "patient", None)
    clinic: UUID | None = getattr(thing, "clinic_id", None) or getattr(patient, "clinic_id", None)
    return clinic or by.clinic_id
