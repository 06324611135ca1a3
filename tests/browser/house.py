"""What the listed pages show: a clinic with everyone and one of everything, committed once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.db import connection

from backend import clock
from backend.kernel.actor import Role
from tests.browser.keys import give_every_factor, give_password
from tests.emptying import empty_the_tables
from tests.factories import accounts, booking, intake
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
BEGINNERS = ("newcomer", "beginner")  # an account without a profile; a patient without a visit
MEMBERS = ("member", "keyholder")  # a patient with a password; a physician with every factor too


class House:
    """The clinic's people by name, and its things by the name of a path parameter."""

    def __init__(self, world: SimpleNamespace, things: Things) -> None:
        self.clinic = world.clinic
        self.people = {name: world.people[role] for name, role in PEOPLE.items()}
        self.things = things.rows
        self.people |= {"newcomer": accounts.UserFactory(), "beginner": self._beginner()}
        self.people |= dict(zip(MEMBERS, self._members(), strict=True))

    def _members(self) -> tuple[Any, Any]:
        """Two people of a demonstration; `passkey` is what the second has."""
        member = accounts.PatientFactory(clinic=self.clinic, user__email="hanako@sakura.example")
        keyholder = accounts.PhysicianFactory(clinic=self.clinic, user__email="sato@sakura.example")
        for one in (member, keyholder):
            give_password(one)
        self.passkey = give_every_factor(keyholder)
        return member, keyholder

    def _beginner(self) -> Any:
        """A patient of 15 before the first visit, nothing signed; says that she thinks of death.

        `held`, `booked` and `open` are her visits: a hold, a later visit, and one whose door is
        open now.
        """
        beginner = accounts.PatientFactory(
            clinic=self.clinic,
            test_clock=self.people["patient"].test_clock,
            birth_on=date(2010, 5, 1),
        )
        begun = {"indication": "acne", "severity": "severe", "phq_9": "several_days"}
        intake.IntakeResponseFactory(patient=beginner, answers=begun)
        now = clock.now(beginner)
        physician = accounts.PhysicianFactory(clinic=self.clinic, name="鈴木 医師")
        whose = {"patient": beginner, "physician": physician}
        self.held = booking.VisitFactory(
            **whose,
            held=True,
            starts_at=now + timedelta(days=40),
            hold_expires_at=now + timedelta(minutes=9, seconds=30),
        )
        self.booked = booking.VisitFactory(**whose, starts_at=now + timedelta(days=41))
        self.open = booking.VisitFactory(**whose, starts_at=now + timedelta(minutes=5))
        return beginner

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
        empty_the_tables()
        connection.close()
