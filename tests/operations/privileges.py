"""What PostgreSQL says about privileges."""

from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from psycopg.errors import InsufficientPrivilege

AUDIT = sorted(m._meta.db_table for m in apps.get_app_config("audit").get_models())


def refused(
    session: psycopg.Connection, statement: str, by: str = "permission denied|must be owner"
) -> None:
    """PostgreSQL refuses for want of a privilege, before any trigger is asked."""
    with pytest.raises(InsufficientPrivilege, match=by):
        session.execute(statement)


def asked(sql: str, parameters: Any = ()) -> list[tuple]:
    """The rows, as the owner sees them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return list(cursor.fetchall())


def columns_of(table: str) -> set[str]:
    """The names of a table's columns."""
    sql = "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
    return {name for (name,) in asked(sql, [table])}


def may_change(role: str, table: str) -> set[str]:
    """The columns that a role may UPDATE."""
    sql = "SELECT has_column_privilege(%s, %s, %s, 'UPDATE')"
    return {
        column for column in columns_of(table) if asked(sql, [role, table, column]) == [(True,)]
    }


def tables_with(role: str, privilege: str) -> set[str]:
    """The tables and views on which a role has a privilege as a whole."""
    sql = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND relkind IN ('r', 'v') AND has_table_privilege(%s, oid, %s)"
    )
    return {name for (name,) in asked(sql, [role, privilege])}
