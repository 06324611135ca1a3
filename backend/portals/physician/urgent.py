"""What cannot wait: the clinic's open urgent tasks, as a banner on every page."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from backend import clock
from backend.accounts.models import Patient
from backend.kernel.actor import Actor
from backend.worklist.queries import open_tasks, tasks_visible_to
from backend.worklist.rules import OF_OVERSIGHT, Priority, TaskStatus

COUNTED = 100  # the banner says "more than" beyond; nobody reads a larger number otherwise


@dataclass(frozen=True, slots=True)
class Urgent:
    """How many urgent tasks wait, and for how long the oldest of them has.

    `patients`: whose care they are about; no treatment goes on before these are done.
    """

    count: int
    oldest: timedelta
    overdue: int
    patients: frozenset[UUID]

    @property
    def more(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > COUNTED


def urgent_tasks(actor: Actor) -> Urgent:
    """The open urgent tasks of the actor's clinic: one query, at most 101 rows of three instants.

    How long one waits is told by its patient's own clock, as its due time is.
    """
    rows = tasks_visible_to(actor).filter(
        status=TaskStatus.OPEN.value, priority=Priority.URGENT.value
    )
    instants = list(
        rows.order_by("priority_rank", "due_at", "id").values_list(
            "opened_at", "due_at", "patient__test_clock__frozen_at", "patient_id", "kind"
        )[: COUNTED + 1]
    )
    now = clock.now()
    waits = [(frozen or now) - opened for opened, _, frozen, *_ in instants]
    overdue = len([due for _, due, frozen, *_ in instants if due < (frozen or now)])
    patients = frozenset(whose for *_, whose, kind in instants if kind not in OF_OVERSIGHT)
    return Urgent(len(instants), max(waits, default=timedelta(0)), overdue, patients)


def waits_for_care(patient: Patient, urgent: Urgent) -> bool:
    """Whether an urgent task about this patient is open; asks only where not all were counted."""
    if patient.id in urgent.patients or not urgent.more:
        return patient.id in urgent.patients
    return open_tasks(patient).filter(priority=Priority.URGENT.value).exists()
