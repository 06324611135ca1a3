"""Step: a task is done, because what it was about was settled elsewhere."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import require_transaction, save_changes
from backend.kernel.actor import Actor
from backend.worklist.models import Task
from backend.worklist.rules import TASKS, TaskOutcome, TaskStatus


def settle_task(*, task_id: UUID, outcome: TaskOutcome, by: Actor, at: datetime) -> Task:
    """Mark a task done that another act settles. Raises NotAllowedFromHere (409) if it is done."""
    require_transaction()
    task = Task.objects.select_for_update(of=("self",)).select_related("patient").get(id=task_id)
    TASKS.check_move("settle", task.status)
    task.status, task.outcome = TaskStatus.DONE.value, outcome.value
    task.done_by_id, task.done_at = by.user_id, at
    save_changes(task, "status", "outcome", "done_by", "done_at")
    facts = {"kind": task.kind, "outcome": task.outcome, "about": task.about_ref}
    record(TASKS["settle"].action, on=task, by=by, at=at, facts=facts)
    return task
