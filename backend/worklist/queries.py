"""Reading the worklist."""

from uuid import UUID

from django.db.models import QuerySet

from backend.accounts.models import Patient
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import NotFound
from backend.worklist.models import Task
from backend.worklist.rules import OF_OVERSIGHT, TaskKind, TaskStatus

_CLINIC = {Role.PHYSICIAN, Role.CLINIC_STAFF, Role.AUDITOR}


def tasks_visible_to(actor: Actor) -> QuerySet[Task]:
    """The tasks of the actor's clinic; none for anybody who does not work on them."""
    rows = Task.objects.select_related("patient__test_clock")
    if actor.role in _CLINIC and actor.clinic_id is not None:
        return rows.filter(patient__clinic_id=actor.clinic_id)
    return rows.none()


def open_tasks(patient: Patient) -> QuerySet[Task]:
    """What still waits about this patient's care, urgent first."""
    rows = Task.objects.filter(patient=patient, status=TaskStatus.OPEN)
    return rows.exclude(kind__in=OF_OVERSIGHT).order_by("priority_rank", "due_at", "id")


def open_tasks_about(ref: str, kind: TaskKind) -> QuerySet[Task]:
    """The tasks of this kind that are to be done about a thing, named by its public id."""
    return Task.objects.filter(about_ref=ref, kind=kind.value, status=TaskStatus.OPEN.value)


def task_for_update(task_id: UUID, by: Actor) -> Task:
    """The locked task, if `by` may see it. Raises NotFound."""
    row = tasks_visible_to(by).select_for_update(of=("self",)).filter(id=task_id).first()
    if row is None:
        raise NotFound()
    return row
