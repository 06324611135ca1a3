"""Use case: let time pass in the sandbox."""

from datetime import datetime
from uuid import UUID

from backend.accounts import events
from backend.accounts.models import TestClock
from backend.accounts.rules import TEST_CLOCKS, ClockStatus, check_advance
from backend.audit.record import instant, record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit


@service
def advance_test_clock(
    *, clock_id: UUID, to: datetime, by: Actor, at: datetime, expected_version: int | None = None
) -> TestClock:
    """The clock with a target. It still shows the old time: a job does what falls due on the way.

    Raises NotAllowedFromHere (409) while it is advancing, ClockOnlyForward, ClockTooFar (422).
    """
    clock = (
        TestClock.objects.select_for_update(of=("self",)).select_related("clinic").get(id=clock_id)
    )
    TEST_CLOCKS.check_move("advance", clock.status)
    check_version(clock, expected_version)
    check_advance(clock.frozen_at, to)

    clock.status, clock.target_at = ClockStatus.ADVANCING.value, to
    save_changes(clock, "status", "target_at")

    facts = {"from": instant(clock.frozen_at), "to": instant(to)}
    record(TEST_CLOCKS["advance"].action, on=clock, by=by, at=at, facts=facts)
    payload = {"test_clock_id": clock.ref, "clinic_id": clock.clinic.ref}
    emit(events.TEST_CLOCK_ADVANCE_REQUESTED, at=at, payload=payload)
    return clock
