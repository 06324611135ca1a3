"""Steps for whoever does the work that falls due while a test clock advances."""

from datetime import datetime
from uuid import UUID

from backend.accounts.models import TestClock
from backend.accounts.rules import TEST_CLOCKS, ClockStatus
from backend.audit.record import instant, record
from backend.db import require_transaction, save_changes
from backend.kernel.actor import Actor


def move_clock(*, clock_id: UUID, to: datetime, by: Actor, at: datetime) -> TestClock:
    """Let an advancing clock show `to`, at most its target, never earlier than now.

    Moving to an instant that has passed changes nothing: the work there may be done twice.
    Raises NotAllowedFromHere (409) unless the clock is advancing.
    """
    require_transaction()
    clock = _advancing("move", clock_id)
    reached = min(to, clock.target_at or to)
    if reached > clock.frozen_at:
        clock.frozen_at = reached
        save_changes(clock, "frozen_at")
        facts = {"frozen_at": instant(reached)}
        record(TEST_CLOCKS["move"].action, on=clock, by=by, at=at, facts=facts)
    return clock


def finish_clock(*, clock_id: UUID, by: Actor, at: datetime) -> TestClock:
    """The clock shows its target and is ready: nothing is due before it any more.

    Raises NotAllowedFromHere (409) unless the clock is advancing.
    """
    require_transaction()
    clock = _advancing("finish", clock_id)
    clock.frozen_at = max(clock.frozen_at, clock.target_at or clock.frozen_at)
    clock.target_at, clock.status = None, ClockStatus.READY.value
    save_changes(clock, "frozen_at", "target_at", "status")
    facts = {"frozen_at": instant(clock.frozen_at)}
    record(TEST_CLOCKS["finish"].action, on=clock, by=by, at=at, facts=facts)
    return clock


def _advancing(verb: str, clock_id: UUID) -> TestClock:
    clock = TestClock.objects.select_for_update(of=("self",)).get(id=clock_id)
    TEST_CLOCKS.check_move(verb, clock.status)
    return clock
