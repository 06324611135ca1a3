"""The audit trail: written with the act, canonical, insert-only."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from backend.audit.models import AuditEntry
from backend.audit.record import record
from backend.origin import acting_for
from tests.factories.accounts import PatientFactory

AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def note(patient, by, **facts):
    with transaction.atomic():
        return record("patient.read", on=patient, by=by, at=AT, facts=facts)


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_whom_and_when(physician_actor):
    patient = PatientFactory()

    with acting_for("req_12345678"):
        entry = note(patient, physician_actor, reason="visit")

    assert entry.content == {
        "action": "patient.read",
        "actor": "physician:usr_test",
        "actor_role": "physician",
        "at": "2026-03-10T12:00:00.000000Z",
        "clinic_id": str(patient.clinic_id),
        "commitment": entry.content["commitment"],
        "object": entry.pseudonym,
        "outcome": "done",
        "patient": entry.pseudonym,
        "purpose": "treatment",
        "request_id": "req_12345678",
    }
    assert (entry.patient_ref, entry.facts) == (patient.ref, {"reason": "visit"})


@pytest.mark.django_db
def test_the_kept_bytes_are_canonical_and_the_leaf_is_their_hash(physician_actor):
    entry = note(PatientFactory(), physician_actor, b="2", a="1")

    entry.refresh_from_db()

    body = bytes(entry.body)
    assert bytes(entry.leaf) == hashlib.sha256(b"\x00" + body).digest()
    assert body == json.dumps(entry.content, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_the_transaction_of_the_act(physician_actor):
    patient = PatientFactory()

    with pytest.raises(RuntimeError, match="inside a service"):
        record("patient.read", on=patient, by=physician_actor, at=AT)

    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET actor = 'nobody'",
        "DELETE FROM audit_auditentry",
    ],
)
def test_the_database_itself_refuses_to_change_an_entry(statement, physician_actor):
    entry = note(PatientFactory(), physician_actor)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)

    entry.refresh_from_db()
    assert entry.actor == "physician:usr_test"
