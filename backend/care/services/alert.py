"""Use case: keep that a clinic's administrators were written to about an emergency access."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.care.models import EmergencyAccess
from backend.care.rules import EMERGENCY_ACCESSES
from backend.db import save_changes, service
from backend.kernel.actor import Actor


@service
def note_alert(
    *, access_id: UUID, recipients: int, by: Actor, at: datetime
) -> EmergencyAccess | None:
    """The access, alerted at `at` (wall clock); None where somebody else noted it before."""
    row = (
        EmergencyAccess.objects.select_for_update(of=("self",))
        .select_related("patient__test_clock")
        .filter(id=access_id, alerted_at=None)
        .first()
    )
    if row is None:
        return None
    row.alerted_at = at
    save_changes(row, "alerted_at")
    facts = {"recipients": str(recipients)}
    record(EMERGENCY_ACCESSES["alert"].action, on=row, by=by, at=at, facts=facts)
    return row
