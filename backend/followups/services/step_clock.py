"""Let a test clock show the next instant at which something is due."""

from datetime import datetime
from uuid import UUID

from backend.accounts.models import TestClock
from backend.accounts.steps.move_clock import move_clock
from backend.db import service
from backend.kernel.actor import Actor


@service
def step_clock(*, clock_id: UUID, to: datetime, by: Actor, at: datetime) -> TestClock:
    """Move an advancing clock to `to`, at most its target; moving back changes nothing.

    Raises NotAllowedFromHere when somebody else has brought the clock to its target.
    """
    return move_clock(clock_id=clock_id, to=to, by=by, at=at)
