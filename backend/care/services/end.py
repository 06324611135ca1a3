"""Use case: a physician gives an emergency access back before its time is over."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.care.errors import AccessOver, NotYourAccess
from backend.care.models import EmergencyAccess
from backend.care.queries import access_for_update
from backend.care.rules import EMERGENCY_ACCESSES, EmergencyAccessStatus, may_end
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.origin import EMERGENCY, for_purpose


@service
def end_emergency_access(
    *, access_id: UUID, expected_version: int | None = None, by: Actor, at: datetime
) -> EmergencyAccess:
    """The access, over from `at` on. The review comes all the same.

    Raises NotFound, NotAllowedFromHere, NotYourAccess, AccessOver (409) and Stale (412).
    """
    row = access_for_update(access_id, by)
    EMERGENCY_ACCESSES.check_move("end", row.status)
    if not may_end(row.opened_by_id, by.user_id):
        raise NotYourAccess()
    check_version(row, expected_version)
    if not row.is_open(at):
        raise AccessOver()

    row.status, row.ended_at = EmergencyAccessStatus.ENDED.value, at
    save_changes(row, "status", "ended_at")
    with for_purpose(EMERGENCY):
        record(EMERGENCY_ACCESSES["end"].action, on=row, by=by, at=at)
    return row
