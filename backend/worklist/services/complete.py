"""Finish a task."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.worklist.errors import (
    ClinicalTask,
    ContactInFuture,
    ContactRequired,
    ContactTooEarly,
    SettledElsewhere,
)
from backend.worklist.models import Task
from backend.worklist.queries import task_for_update
from backend.worklist.rules import OF_OVERSIGHT, TASKS, TaskOutcome, TaskStatus, may_complete


@service
def complete_task(
    *,
    task_id: UUID,
    outcome: str,
    note: str,
    contacted_at: datetime | None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Task:
    """Mark a task done with its outcome, once.

    Raises NotFound, ClinicalTask (403), NotAllowedFromHere, SettledElsewhere (409), Stale (412),
    ContactRequired, ContactTooEarly (of an urgent one) and ContactInFuture (422).
    """
    task = task_for_update(task_id, by)
    if task.kind in OF_OVERSIGHT:
        raise SettledElsewhere()
    if not may_complete(task.kind, by.role):
        raise ClinicalTask()
    TASKS.check_move("complete", task.status)
    check_version(task, expected_version)
    _check_contact(task, contacted_at, at)

    task.status = TaskStatus.DONE.value
    task.outcome, task.note, task.contacted_at = TaskOutcome(outcome).value, note, contacted_at
    task.done_by_id, task.done_at = by.user_id, at
    save_changes(task, "status", "outcome", "note", "contacted_at", "done_by", "done_at")
    facts = {"kind": task.kind, "outcome": task.outcome}
    record(TASKS["complete"].action, on=task, by=by, at=at, facts=facts)
    return task


def _check_contact(task: Task, contacted_at: datetime | None, at: datetime) -> None:
    if task.is_urgent and contacted_at is None:
        raise ContactRequired()
    if task.is_urgent and contacted_at is not None and contacted_at < task.opened_at:
        raise ContactTooEarly()
    if contacted_at is not None and contacted_at > at:
        raise ContactInFuture()
