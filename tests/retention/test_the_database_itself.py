"""What every table about patients owes to periods and erasures, and what the service's role may."""

import re
from pathlib import Path

import pytest
from django.db import connection
from psycopg.errors import InsufficientPrivilege

from backend.audit.models import Erasure, PatientKey
from backend.retention.migrations import __path__ as migrations
from tests.callers import Caller
from tests.factories.accounts import AdministratorFactory
from tests.factories.records import WeightFactory
from tests.factories.retention import LegalHoldFactory, long_kept
from tests.roles import acting_as, connect

pytestmark = pytest.mark.django_db
# Messages about the record and holds upon it: nothing that was done or written of the patient.
NO_ENTRIES = {
    "api_idempotencykey",
    "audit_erasure",
    "audit_rowchange",
    "care_relation",
    "notifications_notification",
    "pharmacy_webhookdelivery",
    "retention_legalhold",
}
# Nothing is written in them but codes, numbers and times, which stay.
NOTHING_TO_ERASE = {
    "care_relation",
    "followups_plan",
    "pharmacy_dispense",
    "pharmacy_medicinereturn",
    "prescriptions_course",
    "prescriptions_reassessment",
    "audit_erasure",
}


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


def tables_about_patients():
    return set(
        asked(
            "SELECT table_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND column_name = 'patient_id'"
        )
    )


def test_every_table_about_a_patient_counts_as_an_entry_or_says_why_not():
    (counted,) = asked("SELECT prosrc FROM pg_proc WHERE proname = 'retention_last_entry_on'")
    forgotten = {name for name in tables_about_patients() if f"public.{name} " not in counted}

    assert forgotten == NO_ENTRIES
    assert len(tables_about_patients()) > 25


def test_every_table_about_a_patient_is_erased_or_says_why_not():
    bodies = " ".join(
        asked(
            "SELECT prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE tgrelid = 'audit_erasure'::regclass AND tgname LIKE 'erasure%'"
        )
    )

    named = set(re.findall(r"public\.(\w+)", bodies))
    forgotten = tables_about_patients() - named

    assert forgotten == NOTHING_TO_ERASE


def test_nothing_that_runs_with_the_owners_rights_looks_in_temporary_tables_first():
    """Left out of a search path, pg_temp is looked in before all else."""
    paths = dict(
        (name, path)
        for name, path in _rows(
            "SELECT proname, (SELECT setting FROM unnest(proconfig) AS setting "
            "WHERE setting LIKE 'search_path=%') FROM pg_proc "
            "WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
    )

    assert {"keep_change", "erase_trail", "erase_accounts", "erase_retention"} <= set(paths)
    wrong = {name for name, path in paths.items() if not (path or "").endswith(", pg_temp")}
    assert wrong == set()


def _rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_a_migration_that_makes_a_function_drops_it_on_the_way_back():
    text = "".join(path.read_text() for path in Path(migrations[0]).glob("0002*.py"))

    made = set(re.findall(r"^CREATE FUNCTION (\w+)", text, re.MULTILINE))
    dropped = set(re.findall(r"^DROP FUNCTION (\w+)", text, re.MULTILINE))

    assert made == dropped != set()


@pytest.mark.django_db(transaction=True)
def test_the_service_erases_over_the_api_and_in_no_other_way(database_roles):
    patient = long_kept()
    WeightFactory(patient=patient)
    administrator = AdministratorFactory(clinic=patient.clinic)

    with connect(database_roles.app) as session:
        for statement in (
            "UPDATE audit_rowchange SET salt = NULL, before = NULL, after = NULL",
            "UPDATE audit_patientkey SET wrapped = NULL",
            "DELETE FROM records_weight",
            "DELETE FROM audit_erasure",
            "UPDATE audit_erasure SET years = 9",
            "SELECT erase_trail()",
            "ALTER TABLE audit_erasure DISABLE TRIGGER erasure_is_not_early",
        ):
            with pytest.raises(InsufficientPrivilege):
                session.execute(statement)
    with acting_as(database_roles.app):
        answer = Caller(administrator).post(
            f"/v1/patients/{patient.ref}/erase", {"reason": "retention_ended"}, version=1
        )

    assert answer.status_code == 200, answer.content
    assert not PatientKey.objects.filter(patient_ref=patient.ref).exists()
    assert not type(patient).objects.filter(name="山田 花子").exists()


@pytest.mark.django_db(transaction=True)
def test_the_service_places_and_lifts_holds_and_is_held_by_them(database_roles):
    patient = long_kept()
    hold = LegalHoldFactory(patient=patient)
    administrator = AdministratorFactory(clinic=patient.clinic)

    with acting_as(database_roles.app):
        held = Caller(administrator).post(
            f"/v1/patients/{patient.ref}/erase", {"reason": "patient_request"}, version=1
        )
        with pytest.raises(Exception, match="a legal hold stands"):
            Erasure.objects.create(
                patient_id=patient.id,
                patient_ref=patient.ref,
                clinic_id=patient.clinic_id,
                reason="retention_ended",
                years=5,
                last_entry_on="2025-12-01",
                retained_until="2031-01-01",
                erased_at=hold.placed_at,
                erased_by="nobody",
            )

    assert held.json()["code"] == "under_legal_hold"
