"""Take back a fact that was entered in error."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.records.models import Fact


@service
def retract_fact(
    *,
    kind: type[Fact],
    fact_id: UUID,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Fact:
    """Mark one fact as entered in error: it stays, and counts no longer.

    Raises NotAllowedFromHere (409) if it is retracted already, Stale (412).
    """
    rows = kind._default_manager.select_for_update(of=("self",)).select_related("patient")
    fact = rows.get(id=fact_id)
    fact.table.check_move("retract", fact.status)
    check_version(fact, expected_version)
    fact.retracted_at, fact.retracted_by, fact.retraction_reason = at, by.label, reason
    save_changes(fact, "retracted_at", "retracted_by", "retraction_reason")
    record(fact.table["retract"].action, on=fact, by=by, at=at, facts={"reason": reason})
    return fact
