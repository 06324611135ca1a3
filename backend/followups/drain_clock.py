"""Bring an advancing test clock to its target, from one due instant to the next.

Each stop sees the world as it would have been on that day. A crash loses nothing: whoever comes
next goes on from what the clock shows. One drains a clock at a time, so that no day is passed
over while another worker is still busy with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection

from backend.accounts.models import TestClock
from backend.accounts.rules import ClockStatus
from backend.followups.queries import may_send, next_due_on_clock
from backend.followups.run_due import run_due
from backend.followups.services.settle_clock import settle_clock
from backend.followups.services.step_clock import step_clock
from backend.kernel.actor import Actor
from backend.kernel.errors import NotAllowedFromHere
from backend.notifications import queries as notices
from backend.notifications.deliver import deliver_due
from backend.notifications.message import Send

MOST_STOPS = 1000  # of one call; the next one goes on


def drain_clock(*, clock_id: UUID, send: Send, by: Actor) -> bool:
    """Do the due work of the patients on this clock up to its target.

    True: nothing is left for this caller, because the clock is there, or because another worker
    is at it (should that one die, the next tick's sweep goes on). False: there were more than
    MOST_STOPS stops; call again.
    """
    with _alone(clock_id) as alone:
        if not alone:
            return True
        try:
            return any(_stop(clock_id, send=send, by=by) for _ in range(MOST_STOPS))
        except NotAllowedFromHere:  # somebody else brought it there
            return True


@contextmanager
def _alone(clock_id: UUID) -> Iterator[bool]:
    """Whether this connection has the clock to itself; it ends with the connection, too."""
    key = [f"drain_clock {clock_id}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", key)
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)


def _stop(clock_id: UUID, *, send: Send, by: Actor) -> bool:
    """Do what is due now, then go on to the next instant; True at the target."""
    clock = TestClock.objects.get(id=clock_id)
    if clock.status != ClockStatus.ADVANCING or clock.target_at is None:
        return True
    run_due(by=by, test_clock_id=clock_id)
    deliver_due(send=send, by=by, may_send=may_send, test_clock_id=clock_id)
    upcoming = _next_due(clock_id, until=clock.target_at)
    if upcoming is not None:
        step_clock(clock_id=clock_id, to=upcoming, by=by, at=clock.frozen_at)
        return False
    settle_clock(clock_id=clock_id, by=by, at=clock.target_at)
    return True


def _next_due(clock_id: UUID, *, until: datetime) -> datetime | None:
    found = [
        next_due_on_clock(clock_id, until=until),
        notices.next_due_on_clock(clock_id, until=until),
    ]
    return min((instant for instant in found if instant is not None), default=None)
