"""Clear away the holds that nobody confirmed."""

from datetime import datetime

from backend.booking.models import Visit
from backend.booking.queries import past_hold
from backend.booking.steps.expire_hold import expire_hold
from backend.db import service
from backend.kernel.actor import Actor


@service
def expire_holds(*, by: Actor, at: datetime, at_most: int = 100) -> int:
    """Expire at most `at_most` holds whose time is over. Returns how many.

    Rows that somebody else works on are skipped, so several may run at once.
    """
    rows = list(
        Visit.objects.select_related("patient")
        .select_for_update(of=("self",), skip_locked=True)
        .filter(past_hold(at))
        .order_by("hold_expires_at")[:at_most]
    )
    for visit in rows:
        expire_hold(visit, by=by, at=at)
    return len(rows)
