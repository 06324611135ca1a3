"""A test clock has reached its target."""

from datetime import datetime
from uuid import UUID

from backend.accounts.models import TestClock
from backend.accounts.steps.move_clock import finish_clock
from backend.db import service
from backend.kernel.actor import Actor


@service
def settle_clock(*, clock_id: UUID, by: Actor, at: datetime) -> TestClock:
    """Make the clock ready: nothing is due before its target any more.

    Raises NotAllowedFromHere when somebody else has settled it already.
    """
    return finish_clock(clock_id=clock_id, by=by, at=at)
