"""The roles of the service and of the sealer on the test database, and acting as one of them."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.db import connection

from backend.operations.granting import Login, grant, let_in


@dataclass(frozen=True)
class Roles:
    app: Login
    sealer: Login


def may_make_roles() -> bool:
    """Whether the owner of the test database may; that of `make test` may."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def granted() -> Iterator[Roles]:
    """Both roles, made as `grant_roles` makes them, and gone at the end."""
    database = connection.settings_dict["NAME"]
    roles = Roles(*(Login(f"{database}_{name}", secrets.token_hex(8)) for name in ("app", "seal")))
    try:
        for login in (roles.app, roles.sealer):
            let_in(login)
        grant(app=roles.app.role, sealer=roles.sealer.role)
        yield roles
    finally:
        for login in (roles.app, roles.sealer):
            _forget(login.role)


def _forget(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is not None:
            cursor.execute(f'GRANT "{role}" TO CURRENT_USER')
            cursor.execute(f'DROP OWNED BY "{role}"')
            cursor.execute(f'DROP ROLE "{role}"')


@contextmanager
def acting_as(login: Login) -> Iterator[None]:
    """Every connection of this process is the role's, until the block ends.

    Only where nothing is held open: in tests with `django_db(transaction=True)`.
    """
    place = connection.settings_dict
    owner = place["USER"], place["PASSWORD"]
    connection.close()
    place["USER"], place["PASSWORD"] = login.role, login.password
    try:
        yield
    finally:
        connection.close()
        place["USER"], place["PASSWORD"] = owner


def connect(login: Login) -> psycopg.Connection:
    """A session of its own, as somebody would have who stole the password."""
    place = connection.settings_dict
    return psycopg.connect(
        host=place["HOST"],
        port=place["PORT"],
        dbname=place["NAME"],
        user=login.role,
        password=login.password,
        autocommit=True,
    )
