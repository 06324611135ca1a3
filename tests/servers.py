"""Which tests the servers decide, and that no other test asks one.

`.ci/run` plays the whole suite on the newest servers, and on the oldest again what an older
PostgreSQL or Redis could change: the tests marked `servers`. That is every test that asks for the
database, by itself, and each file that says so because it starts servers or a process that needs
them. docs/decisions/0033-what-is-proven-twice.md
"""

import psycopg
import pytest
import redis

OF_THE_DATABASE = {"db", "transactional_db", "django_db_setup"}
NOWHERE = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1"}
_REFUSED = "this test asks a server: mark it `servers`, so that it is played on the oldest too"


def asks_for_the_database(item: pytest.Item) -> bool:
    """By its mark or by a fixture. pytest-django shuts the database to every other test."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & OF_THE_DATABASE)


def mark(items: list[pytest.Item]) -> None:
    """Mark what asks for the database."""
    for item in items:
        if asks_for_the_database(item):
            item.add_marker("servers")


def shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the test ends nothing here, and no process that it starts, finds a server."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError(_REFUSED)

    monkeypatch.setattr(psycopg, "connect", refuse)
    monkeypatch.setattr(redis.connection.AbstractConnection, "send_packed_command", refuse)
    for name, nowhere in NOWHERE.items():
        monkeypatch.setenv(name, nowhere)
