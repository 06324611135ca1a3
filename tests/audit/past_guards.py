"""Tampering with a log past its guards, and what a verification says then."""

from django.db import connection, transaction

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


def findings(**known):
    return [str(it) for it in verify_trail(**({"keys": [SIGNER.verifier]} | known)).findings]
