"""Urgent tasks that nobody did in time."""

from datetime import datetime

from django.db.models import F, Q

from backend.audit.record import record
from backend.db import lock_for, service
from backend.followups import events
from backend.followups.models import Escalation
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.worklist.models import Task
from backend.worklist.rules import TASKS, Priority, TaskStatus


@service
def escalate_overdue(*, by: Actor, at: datetime, at_most: int = 100) -> list[Task]:
    """Announce each urgent task that is overdue, once; returns those announced now.

    `at` is the wall clock; patients on a test clock are judged by that one.
    """
    lock_for("followups.escalate_overdue")
    late = Q(patient__test_clock=None, due_at__lt=at) | Q(
        due_at__lt=F("patient__test_clock__frozen_at")
    )
    told = Escalation.objects.values("task_id")
    tasks = list(
        Task.objects.select_related("patient")
        .filter(late, status=TaskStatus.OPEN, priority=Priority.URGENT)
        .exclude(id__in=told)
        .order_by("due_at")[:at_most]
    )
    Escalation.objects.bulk_create([Escalation(task=task, at=at) for task in tasks])
    for task in tasks:
        facts = {"kind": task.kind}
        record(TASKS["escalate"].action, on=task, by=by, at=at, facts=facts)
        payload = {"task_id": task.ref, "patient_id": task.patient.ref, "kind": task.kind}
        emit(events.URGENT_TASK_OVERDUE, at=at, payload=payload)
    return tasks
