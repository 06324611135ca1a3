"""Let the app and the sealer in, and give them what `roles.py` says: run by the tables' owner."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from backend.operations.roles import NEW_TABLES, SEALER, Privileges, privileges_of_app

VIEWS = ("audit_record", "care_relation")
LOCK = 7_240_117_002  # any number: two runs at once would change the same rows of the catalogue


class NotGranted(Exception):
    """The roles cannot be made what they should be; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Login:
    """A role of the database and its password."""

    role: str
    password: str


def let_in(login: Login) -> bool:
    """Make the role, or give it its password; False where it exists and another manages it.

    The password goes to the server as a SCRAM verifier: no log of statements holds it.
    Raises NotGranted when there is no such role and this one may not make it.
    """
    exists = _asked("SELECT count(*) FROM pg_roles WHERE rolname = %s", [login.role]) == [(1,)]
    verb = "ALTER" if exists else "CREATE"
    try:
        with transaction.atomic():
            _run(f"{verb} ROLE {_name(login.role)} LOGIN PASSWORD '{_verifier(login)}'")
    except DatabaseError as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        if exists:
            return False
        raise NotGranted(
            f"There is no role {login.role}, and this one may not make it. As an administrator: "
            f"CREATE ROLE {_name(login.role)} LOGIN PASSWORD '…';"
        ) from error
    return True


def grant(*, app: str, sealer: str) -> None:
    """Take everything from both roles and give them what they need, in one transaction.

    Raises NotGranted when a role could still do more than it should, and leaves all as it was.
    """
    with transaction.atomic():
        _run(f"SELECT pg_advisory_xact_lock({LOCK})")
        tables = _own_tables()
        for statement in (
            *_closed(tables, app, sealer),
            *_granted(_name(app), _app_privileges(tables)),
            *_granted(_name(sealer), SEALER),
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public "
            f"GRANT {', '.join(NEW_TABLES)} ON TABLES TO {_name(app)}",
        ):
            _run(statement)
        for role in (app, sealer):
            if found := shortcomings(role):
                raise NotGranted(f"The role {role} {'; it '.join(found)}.")


_SHORTCOMINGS = """
SELECT array_remove(ARRAY[
    CASE WHEN role.rolsuper THEN 'is a superuser' END,
    CASE WHEN role.rolcreaterole THEN 'may make roles' END,
    CASE WHEN role.rolreplication OR role.rolbypassrls THEN 'may pass the guards of rows' END,
    CASE WHEN pg_has_role(role.oid, entries.relowner, 'MEMBER')
        THEN 'may act as the owner of the tables' END,
    CASE WHEN EXISTS (
        SELECT FROM pg_auth_members AS membership
        JOIN pg_roles AS power ON power.oid = membership.roleid
        WHERE membership.member = role.oid AND starts_with(power.rolname, 'pg_')
    ) THEN 'is a member of a role of PostgreSQL itself' END,
    CASE WHEN has_table_privilege(role.oid, entries.oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
        THEN 'may change the audit trail' END,
    CASE WHEN has_schema_privilege(role.oid, 'public', 'CREATE')
        THEN 'may create things in the schema public' END,
    CASE WHEN has_database_privilege(role.oid, current_database(), 'CREATE, TEMPORARY')
        THEN 'may make schemas or temporary tables' END
], NULL)
FROM pg_roles AS role, pg_class AS entries
WHERE role.rolname = coalesce(%s, current_user) AND entries.oid = 'audit_auditentry'::regclass
"""


def shortcomings(role: str | None = None) -> list[str]:
    """How a role, by default that of this process, could get past the guards of the trail."""
    ((found,),) = _asked(_SHORTCOMINGS, [role])
    return list(found)


def _closed(tables: Mapping[str, bool], app: str, sealer: str) -> Iterator[str]:
    """Nobody but the owner can do anything but connect."""
    both = f"{_name(app)}, {_name(sealer)}"
    database = _name(str(connection.settings_dict["NAME"]))
    every = ", ".join(map(_name, (*tables, *VIEWS)))
    yield f"REVOKE ALL ON {every} FROM PUBLIC, {both}"
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA public TO {both}"
    # A temporary table is looked at before one of ours: it could deceive a trigger.
    yield f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {database} TO {both}"
    # What runs with the owner's rights runs from our own triggers only.
    for (function,) in _asked(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef "
        "AND pronamespace = 'public'::regnamespace AND pg_has_role(proowner, 'USAGE')"
    ):
        yield f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC, {both}"


def _granted(role: str, privileges: Mapping[str, Privileges]) -> Iterator[str]:
    for table, granted in privileges.items():
        yield f"GRANT {', '.join(granted)} ON {_name(table)} TO {role}"


def _app_privileges(tables: Mapping[str, bool]) -> dict[str, Privileges]:
    """What the app may do with each table and view."""
    of_tables = {
        table: privileges_of_app(table, is_append_only=is_append_only)
        for table, is_append_only in tables.items()
    }
    return of_tables | {view: privileges_of_app(view, is_append_only=True) for view in VIEWS}


_TABLES = """
SELECT relname, pg_has_role(relowner, 'USAGE'), EXISTS (
    SELECT FROM pg_trigger
    WHERE tgrelid = pg_class.oid AND tgfoid = 'refuse_change'::regproc
      AND tgtype & 16 <> 0 AND tgqual IS NULL AND tgattr = ''  -- UPDATE of whatever
)
FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname = ANY(%s)
ORDER BY relname
"""


def _own_tables() -> dict[str, bool]:
    """Django's tables, and whether a trigger refuses every UPDATE of them."""
    names = connection.introspection.django_table_names(only_existing=True)
    rows = _asked(_TABLES, [[*names, "django_migrations"]])
    if foreign := [name for name, is_ours, _ in rows if not is_ours]:
        raise NotGranted(f"Other roles own {', '.join(foreign)}: run this as their owner.")
    return {name: is_append_only for name, _, is_append_only in rows}


def _verifier(login: Login) -> str:
    connection.ensure_connection()
    encrypt = connection.connection.pgconn.encrypt_password
    verifier: bytes = encrypt(login.password.encode(), login.role.encode(), b"scram-sha-256")
    return verifier.decode()


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _asked(sql: str, parameters: Sequence[str | list[str] | None] = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return list(cursor.fetchall())
