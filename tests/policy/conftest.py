"""The world of the policy tests: costly, so built once for a module; each test is rolled back."""

import pytest
from django.db import connection

from tests.policy.things import things_of
from tests.policy.world import clinic_with_everyone, strangers_to, undone


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """A clinic with everyone (`people`, `bearers`), its `things`, and the `strangers` to it."""
    with django_db_blocker.unblock(), undone(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        world = clinic_with_everyone()
        world.things = things_of(world)
        world.strangers = strangers_to(world)
        yield world
