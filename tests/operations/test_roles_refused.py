"""The service's role cannot change what is recorded: PostgreSQL itself says no."""

import psycopg
import pytest
from django.db import transaction
from psycopg.errors import CheckViolation

from backend.audit.keys import ciphers_of
from backend.audit.models import PatientKey, RowChange
from backend.prescriptions.models import Prescription
from tests.factories.accounts import PatientFactory
from tests.factories.prescriptions import PrescriptionFactory
from tests.operations.privileges import AUDIT, asked, columns_of, may_change, refused
from tests.roles import acting_as

pytestmark = pytest.mark.django_db
GUARDED = [*AUDIT, "prescriptions_prescription", "prescriptions_signature"]


@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {}",
        "TRUNCATE {} CASCADE",
        "ALTER TABLE {} DISABLE TRIGGER USER",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} ADD COLUMN x integer",
        "DROP TABLE {} CASCADE",
        "CREATE TRIGGER x BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    ],
)
def test_no_guarded_table_can_be_emptied_opened_or_rebuilt(app, table, statement):
    refused(app, statement.format(table))


@pytest.mark.parametrize("table", AUDIT)
def test_no_column_of_the_trail_is_the_services_to_change(database_roles, app, table):
    assert may_change(database_roles.app.role, table) == set()
    for column in columns_of(table):
        refused(app, f"UPDATE {table} SET {column} = {column}")


def test_every_trigger_of_a_guarded_table_stays(app):
    triggers = asked(
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger "
        "WHERE NOT tgisinternal AND tgrelid::regclass::text = ANY(%s)",
        [GUARDED],
    )

    assert len(triggers) >= len(AUDIT)
    for name, table in triggers:
        refused(app, f"DROP TRIGGER {name} ON {table}", by="must be owner")
        refused(app, f"ALTER TABLE {table} DISABLE TRIGGER {name}", by="must be owner")


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET SESSION AUTHORIZATION postgres",
        "CREATE TABLE x (y integer)",
        "CREATE SCHEMA x",
        "CREATE FUNCTION x() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE EXTENSION pg_trgm",
        "CREATE ROLE x",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RETURN NEW; END'",
        "DROP FUNCTION refuse_change() CASCADE",
        "SELECT nextval('audit_auditentry_id_seq')",
        "SELECT setval('audit_auditentry_id_seq', 1)",
    ],
)
def test_what_would_open_the_way_round_is_refused(app, sealer, statement):
    for session in (app, sealer):
        refused(session, statement, by="permission denied|must be")


def test_nobody_becomes_the_owner(app, sealer):
    ((owner,),) = asked("SELECT current_user")

    for session in (app, sealer):
        refused(session, f'SET ROLE "{owner}"')


def test_row_changes_come_from_the_triggers_of_our_tables_only(app):
    refused(
        app,
        "INSERT INTO audit_rowchange (id, table_name, row_id, operation, actor, request_id, body, "
        "leaf) VALUES (1, 'prescriptions_prescription', 'x', 'update', 'x', 'x', '', '')",
    )
    # On a table of one's own the trigger could be made to write whatever one likes.
    refused(app, "CREATE TEMPORARY TABLE prescriptions_prescription (id text)")
    refused(app, "SELECT keep_change()")


@pytest.mark.django_db(transaction=True)
def test_what_the_triggers_keep_is_kept_for_the_service_too(database_roles):
    patient = PatientFactory()

    with acting_as(database_roles.app):
        type(patient).objects.filter(id=patient.id).update(language="en")

    kept = RowChange.objects.filter(table_name="accounts_patient").latest("id")
    assert (kept.operation, kept.after["language"]) == ("update", "en")


@pytest.mark.django_db(transaction=True)
def test_a_signed_prescription_keeps_its_content_and_is_never_deleted(app):
    signed = PrescriptionFactory(approved=True)
    where = f"WHERE id = '{signed.id}'"

    with pytest.raises(CheckViolation, match="a signed prescription keeps its content"):
        app.execute(f"UPDATE prescriptions_prescription SET daily_mg = 80, capsules = 120 {where}")
    refused(app, f"DELETE FROM prescriptions_prescription {where}", by="permission denied")
    refused(app, "DELETE FROM prescriptions_signature", by="permission denied")

    assert Prescription.objects.get(id=signed.id).daily_mg == signed.daily_mg


@pytest.mark.django_db(transaction=True)
def test_the_guard_of_a_signed_prescription_cannot_be_deceived(app):
    """It looks for the signature: a table of that name that is found first would blind it."""
    signed = PrescriptionFactory(approved=True)

    refused(app, "CREATE TEMPORARY TABLE prescriptions_signature (prescription_id uuid)")
    app.execute("SET search_path = pg_temp, pg_catalog")
    with pytest.raises(psycopg.Error):
        app.execute(
            f"UPDATE public.prescriptions_prescription SET daily_mg = 80 WHERE id = '{signed.id}'"
        )

    assert Prescription.objects.get(id=signed.id).daily_mg == signed.daily_mg


@pytest.mark.django_db(transaction=True)
def test_a_key_is_the_services_neither_to_change_nor_to_destroy(app):
    with transaction.atomic():
        ciphers_of(["pt_x"])

    for change in ("patient_ref = 'pt_y'", "wrapped = 'x'", "destroyed_at = now()"):
        refused(app, f"UPDATE audit_patientkey SET {change}", by="permission denied")

    row = PatientKey.objects.get()
    assert (row.patient_ref, row.destroyed_at) == ("pt_x", None)
