"""Let a hold go whose time is over."""

from datetime import datetime

from backend.audit.record import record
from backend.booking.models import Visit
from backend.booking.rules import VISITS, VisitStatus
from backend.db import require_transaction, save_changes
from backend.kernel.actor import Actor


def expire_hold(visit: Visit, *, by: Actor, at: datetime) -> None:
    """Expire a locked, held visit. Raises NotAllowedFromHere, RuntimeError outside a transaction.

    The act is the clock's: `by` is a job, whoever comes across the hold.
    """
    require_transaction()
    VISITS.check_move("expire", visit.status)
    visit.status, visit.hold_expires_at = VisitStatus.EXPIRED.value, None
    save_changes(visit, "status", "hold_expires_at")
    record(VISITS["expire"].action, on=visit, by=by, at=at)
