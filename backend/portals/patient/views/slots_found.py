"""The free times of a physician, day by day where the patient lives."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from backend.accounts.models import StaffMember
from backend.booking.queries import days_in, free_slots
from backend.booking.rules import MAX_DAYS_LISTED
from backend.booking.slots import Span
from backend.kernel.actor import Actor

DAYS_SHOWN = 4
NOON = 12


@dataclass(frozen=True, slots=True)
class Day:
    """A civil day with its free times, before noon and after it."""

    on: date
    morning: list[datetime]
    afternoon: list[datetime]

    @property
    def halves(self) -> list[tuple[str, list[datetime]]]:
        """The halves that have free times, with their names."""
        both = [("morning", self.morning), ("afternoon", self.afternoon)]
        return [(name, times) for name, times in both if times]


@dataclass(frozen=True, slots=True)
class Found:
    """What is shown: the first days from `first` on that have free times.

    `more_from`: where the next page begins, None when the look ahead ends here. `later`: where
    to look when nothing was found at all. `skipped`: the day asked for has no free time, but a
    later one has.
    """

    first: date
    days: list[Day]
    more_from: date | None
    later: date
    skipped: bool


def find(
    physician: StaffMember, first: date, *, zone: str, by: Actor, at: datetime, asked: bool
) -> Found:
    """Look a month ahead from a civil day in `zone`: four queries. `asked`: it was chosen."""
    later = first + timedelta(days=MAX_DAYS_LISTED)
    slots = free_slots(physician.id, days_in(zone, first, later), by=by, at=at)
    days = _by_day(slots, ZoneInfo(zone))
    rest = days[DAYS_SHOWN:]
    return Found(
        first=first,
        days=days[:DAYS_SHOWN],
        more_from=rest[0].on if rest else (later if days else None),
        later=later,
        skipped=asked and bool(days) and days[0].on > first,
    )


def _by_day(slots: list[Span], zone: ZoneInfo) -> list[Day]:
    local = [slot.starts_at.astimezone(zone) for slot in slots]
    found = []
    for on, times in groupby(local, key=datetime.date):
        all_day = list(times)
        found.append(
            Day(
                on,
                [time for time in all_day if time.hour < NOON],
                [time for time in all_day if time.hour >= NOON],
            )
        )
    return found
