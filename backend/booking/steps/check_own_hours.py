"""Whose hours somebody may set."""

from backend.accounts.models import StaffMember
from backend.booking.errors import NotYourHours
from backend.booking.rules import may_set_hours
from backend.db import require_transaction
from backend.kernel.actor import Actor


def check_own_hours(physician: StaffMember, *, by: Actor) -> None:
    """Raise NotYourHours (403) unless `by` may set this physician's hours."""
    require_transaction()
    if not may_set_hours(role=by.role, is_own=physician.user_id == by.user_id):
        raise NotYourHours()
