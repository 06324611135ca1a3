"""Put a task on the worklist, in the transaction of what made it necessary."""

from datetime import datetime

from backend.accounts.models import Patient
from backend.audit.record import record
from backend.db import require_transaction
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.worklist import events
from backend.worklist.models import Task
from backend.worklist.rules import TASKS, Priority, TaskKind


def open_task(
    *,
    patient: Patient,
    kind: str,
    priority: str,
    due_at: datetime,
    about_ref: str,
    blocks_release: bool,
    by: Actor,
    at: datetime,
) -> Task:
    """Open one task about a patient and announce it.

    `kind` is a TaskKind, `priority` a Priority (else ValueError), `about_ref` the public id of
    what it is about. Raises RuntimeError outside a transaction.
    """
    require_transaction()
    task = Task.objects.create(
        patient=patient,
        kind=TaskKind(kind).value,
        priority=Priority(priority).value,
        opened_at=at,
        due_at=due_at,
        about_ref=about_ref,
        blocks_release=blocks_release,
    )
    facts = {"kind": task.kind, "priority": task.priority}
    record(TASKS["open"].action, on=task, by=by, at=at, facts={**facts, "about": about_ref})
    emit(
        events.TASK_OPENED,
        at=at,
        payload={"task_id": task.ref, "patient_id": patient.ref, **facts},
    )
    return task
