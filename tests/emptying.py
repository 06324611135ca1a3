"""The tables are emptied after a test that committed.

As Django's `flush` does it, but for two tables of Django's own that no test writes: whenever they
were emptied every permission and content type would be made again, which takes longer than all
the rest.
"""

from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.test import TransactionTestCase

MADE_BY_MIGRATE = {"auth_permission", "django_content_type"}


def empty_the_tables() -> None:
    """Every table of the models; waits for transactions that hold one."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    emptied = sorted(set(tables) - MADE_BY_MIGRATE)
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), emptied))


def teach(test_case: type[TransactionTestCase]) -> None:
    """Of pytest-django, whose `django_db(transaction=True)` is such a test case."""

    def _fixture_teardown(_: Any) -> None:
        empty_the_tables()

    test_case._fixture_teardown = _fixture_teardown
