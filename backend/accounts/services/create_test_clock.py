"""Use case: a sandbox gets another time."""

from datetime import datetime

from backend.accounts.models import TestClock
from backend.accounts.queries import clinic_of
from backend.accounts.rules import TEST_CLOCKS
from backend.audit.record import instant, record
from backend.db import service
from backend.kernel.actor import Actor


@service
def create_test_clock(*, name: str, frozen_at: datetime, by: Actor, at: datetime) -> TestClock:
    """A clock of the actor's clinic that stands still at `frozen_at`."""
    clock = TestClock.objects.create(clinic=clinic_of(by), name=name, frozen_at=frozen_at)
    facts = {"frozen_at": instant(frozen_at)}
    record(TEST_CLOCKS["create"].action, on=clock, by=by, at=at, facts=facts)
    return clock
