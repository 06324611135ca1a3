"""The whole database as text, table by table, and a canary in every column that could hold one."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import Error, connection, transaction
from psycopg import sql

from backend.api.models import IdempotencyKey
from backend.secret_box import unseal

TABLES = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name
"""
COLUMNS = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s
  AND data_type IN ('character varying', 'text', 'jsonb', 'bytea', 'ARRAY') ORDER BY 1
"""
# How a table's rows come to a patient where they have no column of its own for it: by a parent.
_BY_PARENT = "{}_id IN (SELECT id FROM {} WHERE patient_id = %(patient)s)"
WHOSE = {
    "accounts_patient": "id = %(patient)s",
    "followups_escalation": _BY_PARENT.format("task", "worklist_task"),
    "notifications_attempt": _BY_PARENT.format("notification", "notifications_notification"),
    "pharmacy_webhookattempt": _BY_PARENT.format("delivery", "pharmacy_webhookdelivery"),
}
OF_ACCOUNT = {
    "accounts_user": "id = %(user)s",
    "account_emailaddress": "user_id = %(user)s",
    "mfa_authenticator": "user_id = %(user)s",
}


def tables() -> list[str]:
    """Every table that there is."""
    return [name for (name,) in _asked(TABLES)]


def columns_of(table: str) -> list[tuple[str, str]]:
    """Its columns that hold text, documents or bytes."""
    return _asked(COLUMNS, [table])


def found(words: Iterable[str]) -> list[str]:
    """`table.column: word`, wherever a word stands in any row, as text or as bytes."""
    words = list(words)
    return sorted(
        f"{table}.{column}: {word}"
        for table in tables()
        for column, shown in _shown(table)
        for word in words
        if word in shown or word.encode().hex() in shown
    )


def said_in_secret() -> str:
    """What is kept sealed or encoded, opened: sessions, and replies to idempotency keys."""
    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    for reply in IdempotencyKey.objects.all():
        place = "\n".join((reply.principal, reply.route, reply.key)).encode()
        body = unseal(bytes(reply.body), purpose="api.idempotency.v1", bound_to=place)
        kept.append(f"{body.decode()} {reply.headers}")
    return "\n".join(kept)


def plant(word: str, *, patient: UUID, user: UUID) -> set[str]:
    """Write a word into every column of the patient's rows that takes it; where it was taken.

    Past the guards, as the owner: what is codes by a constraint takes none.
    """
    values = {"patient": str(patient), "user": str(user), "word": word}
    return {
        f"{table}.{column}"
        for table, condition in _rows_of_a_patient()
        for column, kind in columns_of(table)
        if (table, column) != ("accounts_patient", "zone")
        and any(
            _written(
                table, f"{column} = {value} WHERE {condition} AND {column} IS NOT NULL", values
            )
            for value in _spellings(table, kind)
        )
    }


def _rows_of_a_patient() -> Iterator[tuple[str, str]]:
    yield from (WHOSE | OF_ACCOUNT).items()
    for (table,) in _asked(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND column_name = 'patient_id' AND table_name NOT LIKE 'audit%%' "
        "AND table_name NOT IN ('care_relation', 'api_idempotencykey') ORDER BY 1"
    ):
        yield table, "patient_id = %(patient)s"


def _spellings(table: str, kind: str) -> list[str]:
    """The word as a column's kind has it; with the row's key behind it where it must be unique."""
    others = {
        "jsonb": "to_jsonb(%(word)s::text)",
        "bytea": "convert_to(%(word)s, 'UTF8')",
        "ARRAY": "ARRAY[%(word)s]",
    }
    return [others[kind]] if kind in others else ["%(word)s", f"%(word)s || {table}.id"]


def _written(table: str, change: str, values: dict[str, str]) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"UPDATE {table} SET {change}", values)
            taken = cursor.rowcount > 0
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    except Error:
        return False
    return taken


def _shown(table: str) -> Iterator[tuple[str, str]]:
    names = [
        name
        for (name,) in _asked(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND table_name = %s",
            [table],
        )
    ]
    for name in names:
        query = sql.SQL("SELECT coalesce(string_agg({0}::text, E'\\n'), '') FROM {1}")
        with connection.cursor() as cursor:
            cursor.execute(query.format(sql.Identifier(name), sql.Identifier(table)))
            yield name, cursor.fetchone()[0]


def _asked(statement: str, values: list[str] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())
