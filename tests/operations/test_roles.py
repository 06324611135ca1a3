"""Each role may do what it needs, and `grant_roles` sees to it that it is no more."""

import time
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings
from psycopg.errors import UndefinedObject

from backend.audit.export.manifest import FORMAT, ask_for_signature, sign_manifests
from backend.audit.models import AuditEntry, Checkpoint, RowChange
from backend.audit.record import record
from backend.audit.seal import introduce, seal_batch, sign_checkpoints
from backend.audit.verify.trail import verify_trail
from backend.kernel.canonical import canonical
from backend.operations.granting import VIEWS, grant
from backend.operations.roles import APP, FORGETS, SEALER
from backend.transparency.notes import Signer
from tests.factories.accounts import PatientFactory
from tests.factories.prescriptions import NOW
from tests.operations.privileges import AUDIT, asked, refused, tables_with
from tests.patience import PATIENCE_S
from tests.roles import acting_as

pytestmark = pytest.mark.django_db
SIGNER = Signer.generate("suhada.example/audit")


def sealed_to_the_last():
    """Other transactions of the server may hold sealing up for a moment."""
    introduce(SIGNER)
    waits_until = time.monotonic() + PATIENCE_S
    while seal_batch(holder="test", at=NOW).size < len(asked("SELECT id FROM audit_record")):
        assert time.monotonic() < waits_until, "not sealed in time"
        time.sleep(0.05)
    sign_checkpoints(SIGNER)


def manifest_of_the_newest():
    size = Checkpoint.objects.latest("size").size
    return canonical({"format": FORMAT, "origin": SIGNER.name, "tree_size": size}).decode()


def test_the_service_deletes_nothing_but_what_lets_people_in(database_roles):
    assert tables_with(database_roles.app.role, "DELETE") == FORGETS


def test_the_service_changes_no_append_only_table(database_roles):
    append_only = {
        table
        for (table,) in asked(
            "SELECT tgrelid::regclass::text FROM pg_trigger "
            "WHERE tgfoid = 'refuse_change'::regproc AND tgtype & 24 = 24 AND tgqual IS NULL"
        )
    }

    assert {"prescriptions_decision", "pharmacy_dispense", "audit_auditentry"} <= append_only
    assert not append_only & tables_with(database_roles.app.role, "UPDATE")


def test_the_service_reads_and_adds_to_every_table_of_ours(database_roles):
    ours = {m._meta.db_table for m in apps.get_models() if m.__module__.startswith("backend.")}
    role = database_roles.app.role

    assert ours - tables_with(role, "SELECT") == set()
    assert ours - tables_with(role, "INSERT") == {
        table for table, granted in APP.items() if "INSERT" not in granted
    } - {*VIEWS, "django_migrations"}


def test_somebody_decided_what_each_table_of_the_trail_may_be_used_for():
    assert set(APP) - {"django_migrations"} == {*AUDIT, *VIEWS}


@pytest.mark.parametrize("privilege", ["TRUNCATE", "REFERENCES", "TRIGGER"])
def test_neither_role_may_empty_or_build(database_roles, privilege):
    for login in (database_roles.app, database_roles.sealer):
        assert tables_with(login.role, privilege) == set()


def test_everybody_else_may_do_nothing(database_roles):
    sql = (
        "SELECT count(*) FROM information_schema.role_table_grants "
        "WHERE grantee = 'PUBLIC' AND table_schema = 'public'"
    )

    assert asked(sql) == [(0,)]


@pytest.mark.django_db(transaction=True)
def test_a_table_of_a_later_migration_can_be_worked_with_at_once(app):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE later (id integer)")
    try:
        app.execute("INSERT INTO later VALUES (1)")
        app.execute("UPDATE later SET id = 2")
        refused(app, "DELETE FROM later")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE later")


def test_granting_twice_is_granting_once(database_roles):
    sql = (
        "SELECT relname, relacl::text FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') ORDER BY relname"
    )
    before = [(name, sorted((acl or "").strip("{}").split(","))) for name, acl in asked(sql)]

    grant(app=database_roles.app.role, sealer=database_roles.sealer.role)

    after = [(name, sorted((acl or "").strip("{}").split(","))) for name, acl in asked(sql)]
    assert after == before


def test_the_sealer_sees_the_trails_bytes_and_no_clinical_table(database_roles):
    role = database_roles.sealer.role

    assert tables_with(role, "SELECT") == set(SEALER)
    assert tables_with(role, "DELETE") == set()
    assert not {"audit_auditentry", "audit_rowchange", "audit_patientkey"} & set(SEALER)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM accounts_patient",
        "SELECT * FROM audit_rowchange",
        "SELECT * FROM audit_patientkey",
        "INSERT INTO audit_auditentry (actor) VALUES ('x')",
        "UPDATE audit_checkpoint SET root = ''",
        "UPDATE audit_sealedleaf SET record_id = 1",
        "UPDATE audit_tile SET level = 1",
        "DELETE FROM audit_tile",
        "TRUNCATE audit_sealedleaf",
        "ALTER TABLE audit_tile DISABLE TRIGGER USER",
    ],
)
def test_the_sealer_can_neither_write_records_nor_change_what_is_sealed(sealer, statement):
    refused(sealer, statement)


@pytest.mark.django_db(transaction=True)
def test_records_of_the_service_are_sealed_and_verified_with_these_roles(
    database_roles, physician_actor
):
    patient = PatientFactory()

    with acting_as(database_roles.app), transaction.atomic():
        record("patient.read", on=patient, by=physician_actor, at=NOW)
    with acting_as(database_roles.sealer):
        sealed_to_the_last()
    with acting_as(database_roles.app), transaction.atomic():
        asked_for = ask_for_signature(manifest_of_the_newest(), by=physician_actor, at=NOW)
    with acting_as(database_roles.sealer):
        assert sign_manifests(SIGNER) == 1
    with acting_as(database_roles.app):
        asked_for.refresh_from_db()
        verdict = verify_trail(keys=[SIGNER.verifier])

    assert verdict.tree_size == AuditEntry.objects.count() + RowChange.objects.count() > 1
    assert verdict.findings == []
    assert asked_for.note is not None


def test_a_role_that_could_do_more_is_refused_and_nothing_is_granted(database_roles):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE strong_in_test NOLOGIN CREATEROLE")
        with pytest.raises(Exception, match="strong_in_test may make roles"):
            grant(app="strong_in_test", sealer=database_roles.sealer.role)
        cursor.execute("SELECT has_table_privilege('strong_in_test', 'audit_auditentry', 'SELECT')")
        assert cursor.fetchone() == (False,)


def test_a_role_that_is_not_there_is_named(database_roles):
    with pytest.raises(Exception, match="nobody_at_all") as caught:
        grant(app="nobody_at_all", sealer=database_roles.sealer.role)

    assert isinstance(caught.value.__cause__, UndefinedObject)


LOGINS = {"app": ("suhada_app", "x"), "sealer": ("suhada_sealer", "y")}


@pytest.mark.parametrize(
    ("logins", "said"),
    [
        ({**LOGINS, "app": None}, "APP_DATABASE_URL is not set"),
        ({**LOGINS, "sealer": None}, "SEALER_DATABASE_URL is not set"),
        ({**LOGINS, "sealer": LOGINS["app"]}, "three different roles"),
    ],
)
def test_the_command_wants_two_roles_beside_the_owner(logins, said):
    with override_settings(DATABASE_LOGINS=logins), pytest.raises(CommandError, match=said):
        call_command("grant_roles")


def test_the_command_lets_both_in(database_roles):
    logins = {
        "app": (database_roles.app.role, database_roles.app.password),
        "sealer": (database_roles.sealer.role, database_roles.sealer.password),
    }
    said = StringIO()

    with override_settings(DATABASE_LOGINS=logins):
        call_command("grant_roles", stdout=said)

    assert said.getvalue().splitlines() == [
        f"app: {database_roles.app.role}",
        f"sealer: {database_roles.sealer.role}",
    ]


def test_the_owner_is_not_one_of_them(database_roles):
    owner = connection.settings_dict["USER"]
    logins = {**LOGINS, "app": (owner, "x")}

    with override_settings(DATABASE_LOGINS=logins), pytest.raises(CommandError, match="different"):
        call_command("grant_roles")
