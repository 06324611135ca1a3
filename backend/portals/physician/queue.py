"""The rows of the queue: who waits, for how long against the limit, and why."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.api.paging import Page, page_of
from backend.portals.shell.visit import Visit
from backend.prescriptions.models import Prescription
from backend.prescriptions.rules import Priority
from backend.prescriptions.waiting import (
    WORKLIST,
    Why,
    needing_a_senior,
    to_review_by,
    waiting_for_review,
    why_waiting,
)
from backend.protocol.days import age

A_PAGE = 40
COUNTED = 999

Rows = QuerySet[Prescription]
FILTERS: dict[str, tuple[Any, Callable[[Rows, Visit], Rows]]] = {
    "all": (_("All"), lambda rows, _visit: rows),
    "mine": (_("Mine"), lambda rows, visit: rows.filter(created_by_id=visit.actor.user_id)),
    "urgent": (_("Urgent"), lambda rows, _visit: rows.filter(priority=Priority.URGENT.rank)),
    "senior": (_("Needs a second physician"), lambda rows, _visit: needing_a_senior(rows)),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row. Durations on the patient's clock; `share` is the percentage of the limit used."""

    row: Prescription
    why: Why
    age_years: int
    waited: timedelta
    limit: timedelta

    @property
    def share(self) -> int:
        """Percent of the limit, at most 100."""
        return min(int(self.waited / self.limit * 100), 100)

    @property
    def is_late(self) -> bool:
        """Whether the limit has passed."""
        return self.waited > self.limit

    @property
    def change(self) -> str:
        """`first`, `more`, `less` or `same` as the dose handed over last."""
        last = self.why.last_daily_mg
        if last is None:
            return "first"
        if last == self.row.daily_mg:
            return "same"
        return "more" if self.row.daily_mg > last else "less"


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue. `mark` changes when anything on the page does."""

    chosen: str
    count: int
    rows: list[Waiting]
    next_cursor: str | None
    mark: str

    @property
    def is_counted(self) -> bool:
        """Whether `count` is the number, not only that there are more."""
        return self.count <= COUNTED


def page_for(visit: Visit, *, chosen: str, cursor: str | None) -> tuple[Page, int, str]:
    """The prescriptions of one page, how many wait (at most 1000), and the page's mark.

    Two queries. Raises Invalid (400) for a cursor of another list.
    """
    rows = FILTERS[chosen][1](waiting_for_review(visit.actor), visit)
    scope = f"{visit.actor.label}|queue|{chosen}"
    page = page_of(rows, order=WORKLIST, limit=A_PAGE, cursor=cursor, scope=scope)
    count = len(page.rows)
    if page.next_cursor or cursor:
        count = rows.order_by()[: COUNTED + 1].count()
    seen = [f"{row.ref}.{row.version}" for row in page.rows]
    mark = hashlib.sha256(" ".join([str(count), *seen]).encode()).hexdigest()[:16]
    return page, count, mark


def queue_of(page: Page, *, chosen: str, count: int, mark: str) -> Queue:
    """The page with what each row says. Two queries."""
    why = why_waiting(page.rows)
    rows = [_waiting(row, why[row.id]) for row in page.rows]
    return Queue(chosen, count, rows, page.next_cursor, mark)


def _waiting(row: Prescription, why: Why) -> Waiting:
    now = clock.now(row.patient)
    since: datetime = row.submitted_at or now
    until = to_review_by(row) or now
    years = age(row.patient.birth_on, clock.civil_day(now, row.patient.zone))
    return Waiting(row, why, years, max(now - since, timedelta(0)), until - since)
