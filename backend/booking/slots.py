"""From weekly hours to free slots: local time in, instants out. Plain Python, no database.

Across a change of clocks: a local time that does not exist that day (gap) gives no slot; one
that exists twice (fold) gives the first; a slot always lasts its full minutes of real time and
never ends after its hours do on the wall.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open interval of time in UTC: a slot, a window, a time taken."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        """Whether they share an instant; adjacent ones do not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Weekly(Protocol):
    """Weekly hours: minutes since local midnight; `weekday` 1 is Monday (ISO 8601)."""

    weekday: int
    starts_minute: int
    ends_minute: int
    slot_minutes: int
    zone: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Extra:
    """Hours beside the weekly ones."""

    starts_at: datetime
    ends_at: datetime
    slot_minutes: int


def instant_of(day: date, minute: int, zone: ZoneInfo) -> datetime | None:
    """The instant (UTC) at which a clock there shows this; None in a gap, the first in a fold."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minute)
    instant = shown.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return instant if _on_the_wall(instant, zone) == shown else None


def slots_on(day: date, hours: Weekly) -> Iterator[Span]:
    """The slots of weekly hours on one civil day in their zone."""
    if not _holds_on(day, hours):
        return
    zone = ZoneInfo(hours.zone)
    closing = datetime.combine(day, time()) + timedelta(minutes=hours.ends_minute)
    last = hours.ends_minute - hours.slot_minutes
    for minute in range(hours.starts_minute, last + 1, hours.slot_minutes):
        starts_at = instant_of(day, minute, zone)
        if starts_at is None:
            continue
        ends_at = starts_at + timedelta(minutes=hours.slot_minutes)
        if _on_the_wall(ends_at, zone) <= closing:
            yield Span(starts_at, ends_at)


def slots_of(extra: Extra) -> Iterator[Span]:
    """The slots of an extra interval, from its beginning on; what is left over gives none."""
    length = timedelta(minutes=extra.slot_minutes)
    starts_at = extra.starts_at
    while starts_at + length <= extra.ends_at:
        yield Span(starts_at, starts_at + length)
        starts_at += length


def offered(
    window: Span, *, weekly: Iterable[Weekly], extra: Iterable[Extra], closed: Iterable[Span]
) -> list[Span]:
    """What a physician offers in a window, in order: no two slots overlap.

    A slot belongs to the window if it begins inside. Where hours overlap, the slot that begins
    first is offered; what is closed is left out before that is decided.
    """
    found = {
        slot for hours in weekly for day in _days(window, hours) for slot in slots_on(day, hours)
    }
    found |= {slot for more in extra for slot in slots_of(more)}
    chosen: list[Span] = []
    for slot in free_of(sorted(found), closed):
        if not chosen or slot.starts_at >= chosen[-1].ends_at:
            chosen.append(slot)
    return [slot for slot in chosen if window.starts_at <= slot.starts_at < window.ends_at]


def free_of(slots: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """The slots that overlap nothing that is taken."""
    busy = _merged(taken)
    begins = [span.starts_at for span in busy]
    return [slot for slot in slots if not _hits(slot, busy, begins)]


def _hits(slot: Span, busy: Sequence[Span], begins: Sequence[datetime]) -> bool:
    before = bisect_left(begins, slot.ends_at)
    return before > 0 and busy[before - 1].ends_at > slot.starts_at


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.starts_at <= merged[-1].ends_at:
            merged[-1] = Span(merged[-1].starts_at, max(merged[-1].ends_at, span.ends_at))
        else:
            merged.append(span)
    return merged


def _days(window: Span, hours: Weekly) -> Iterator[date]:
    """The civil days of the hours' zone that the window touches."""
    zone = ZoneInfo(hours.zone)
    day = window.starts_at.astimezone(zone).date()
    last = window.ends_at.astimezone(zone).date()
    while day <= last:
        yield day
        day += DAY


def _holds_on(day: date, hours: Weekly) -> bool:
    if day.isoweekday() != hours.weekday or day < hours.valid_from:
        return False
    return hours.valid_until is None or day <= hours.valid_until


def _on_the_wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)
