"""What the listed pages show: a clinic with everyone and one of everything, committed once."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from django.core.management import call_command
from django.db import connection

from backend.kernel.actor import Role
from tests.policy.things import Things, things_of
from tests.policy.world import clinic_with_everyone

NOBODY = "nobody"
PEOPLE = {
    "patient": Role.PATIENT,
    "physician": Role.PHYSICIAN,
    "staff": Role.CLINIC_STAFF,
    "auditor": Role.AUDITOR,
    "administrator": Role.CLINIC_ADMINISTRATOR,
}


class House:
    """The clinic's people by name, and its things by the name of a path parameter."""

    def __init__(self, world: SimpleNamespace, things: Things) -> None:
        self.clinic = world.clinic
        self.people = {name: world.people[role] for name, role in PEOPLE.items()}
        self.things = things.rows

    def ref(self, parameter: str) -> str:
        """The id of the patient's own thing: `house.ref("course_id")`."""
        first: Any = self.things[parameter][0]
        return first if isinstance(first, str) else str(first.ref)

    def prescription(self, status: str) -> str:
        """The id of the patient's prescription in this status."""
        rows: Any = self.things["prescription_id"]
        return next(row.ref for row in rows if row.status == status)


@contextmanager
def built() -> Iterator[House]:
    """The house, seen by every connection; at the end the tables are emptied."""
    try:
        world = clinic_with_everyone()
        house = House(world, things_of(world))
        with connection.cursor() as cursor:  # a test may stand in a transaction while pages load
            cursor.execute("SET idle_in_transaction_session_timeout = 0")
        yield house
    finally:
        call_command("flush", verbosity=0, interactive=False)
        connection.close()
