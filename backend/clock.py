"""The only clock. Nothing else in the project asks what time it is (a law test sees to it)."""

from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.utils import timezone


class Clocked(Protocol):
    """Somebody who may live in another time: a sandbox patient attached to a test clock."""

    test_clock_id: Any
    test_clock: Any
    zone: str


def now(subject: Clocked | None = None) -> datetime:
    """The present instant (UTC) for `subject`; the wall clock where there is none."""
    if subject is not None and subject.test_clock_id is not None:
        frozen: datetime = subject.test_clock.frozen_at
        return frozen
    return timezone.now()


def civil_day(at: datetime, zone: str) -> date:
    """The civil date of an instant in an IANA zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def today(subject: Clocked) -> date:
    """The civil date where the subject lives, by the subject's clock."""
    return civil_day(now(subject), subject.zone)
