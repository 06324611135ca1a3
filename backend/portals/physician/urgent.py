"""What cannot wait: the clinic's open urgent tasks, as a banner on every page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend import clock
from backend.kernel.actor import Actor
from backend.worklist.queries import tasks_visible_to
from backend.worklist.rules import Priority, TaskStatus

COUNTED = 100  # the banner says "more than" beyond; nobody reads a larger number otherwise


@dataclass(frozen=True, slots=True)
class Urgent:
    """How many urgent tasks wait, and for how long the oldest of them has."""

    count: int
    oldest: timedelta
    overdue: int

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
            "opened_at", "due_at", "patient__test_clock__frozen_at"
        )[: COUNTED + 1]
    )
    now = clock.now()
    waits = [(frozen or now) - opened for opened, _, frozen in instants]
    overdue = len([due for _, due, frozen in instants if due < (frozen or now)])
    return Urgent(len(instants), max(waits, default=timedelta(0)), overdue)


def waited(row: Any, since: datetime) -> timedelta:
    """How long something about a patient has waited, on the patient's clock; never below zero."""
    return max(clock.now(row.patient) - since, timedelta(0))
