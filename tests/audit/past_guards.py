"""Tampering with a log past its guards, and what a verification says then."""

from uuid import uuid4

from django.db import connection, transaction

from backend.audit.keys import forget_key
from backend.audit.models import PatientKey
from backend.audit.verify.guards import GUARDS
from backend.audit.verify.trail import verify_trail
from tests.audit.test_seal import SIGNER


def tamper(sql, *values):
    """As the tables' owner, with the triggers off for a moment."""
    tables = sorted({table for table, _function in GUARDS.values()})
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values or None)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def note_erasure(patient):
    """The row of an erasure, which permits each step of one; none of them is taken."""
    tamper(
        "INSERT INTO audit_erasure (id, version, patient_id, patient_ref, clinic_id, reason, years,"
        " last_entry_on, retained_until, erased_at, erased_by) VALUES (%s, 1, %s, %s, %s,"
        " 'retention_ended', 5, '2020-01-01', '2025-01-01', now(), 'nobody')",
        uuid4(),
        patient.id,
        patient.ref,
        patient.clinic_id,
    )


def destroy_key(patient_ref, *, at):
    """What is left of a key after an erasure, without one; whether there was a key."""
    forget_key(patient_ref)
    tamper(
        "UPDATE audit_patientkey SET patient_ref = NULL, wrapped = NULL, destroyed_at = %s "
        "WHERE patient_ref = %s",
        at,
        patient_ref,
    )
    return PatientKey.objects.filter(destroyed_at=at).exists()


def findings(**known):
    return [str(it) for it in verify_trail(**({"keys": [SIGNER.verifier]} | known)).findings]
