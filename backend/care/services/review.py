"""Use case: somebody else judges an emergency access."""

from datetime import datetime
from uuid import UUID

from backend.accounts.queries import user_of
from backend.audit.record import record
from backend.care import events
from backend.care.errors import ReviewByAnother
from backend.care.models import EmergencyAccess
from backend.care.queries import access_for_update
from backend.care.rules import (
    EMERGENCY_ACCESSES,
    EmergencyAccessStatus,
    ReviewOutcome,
    may_review,
)
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.worklist.rules import TaskOutcome
from backend.worklist.steps.settle_task import settle_task


@service
def review_emergency_access(
    *,
    access_id: UUID,
    outcome: ReviewOutcome,
    note: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> EmergencyAccess:
    """The access with the verdict; it ends where it still runs, and its task is done.

    Raises NotFound, NotAllowedFromHere, ReviewByAnother (409) and Stale (412).
    """
    row = access_for_update(access_id, by)
    EMERGENCY_ACCESSES.check_move("review", row.status)
    if not may_review(row.opened_by_id, by.user_id):
        raise ReviewByAnother()
    check_version(row, expected_version)

    if row.is_open(at):
        row.ended_at = at
    row.status, row.outcome = EmergencyAccessStatus.REVIEWED.value, outcome.value
    row.reviewed_by, row.reviewed_at, row.review_note = user_of(by), at, note
    save_changes(row, "status", "ended_at", "outcome", "reviewed_by", "reviewed_at", "review_note")
    settle_task(task_id=row.task_id, outcome=TaskOutcome.RESOLVED, by=by, at=at)
    facts = {"outcome": outcome.value}
    record(EMERGENCY_ACCESSES["review"].action, on=row, by=by, at=at, facts=facts)
    payload = {"emergency_access_id": row.ref, "patient_id": row.patient.ref, **facts}
    emit(events.EMERGENCY_ACCESS_REVIEWED, at=at, payload=payload)
    return row
