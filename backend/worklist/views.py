"""The worklist over HTTP."""

import django_filters as filters
from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.filters import IdFilter, ListFilters
from backend.api.schema import operation
from backend.worklist.queries import tasks_visible_to
from backend.worklist.rules import TASKS, Priority, TaskKind, TaskStatus
from backend.worklist.serializers import CompleteTaskIn, TaskOut
from backend.worklist.services.complete import complete_task


class TaskFilters(ListFilters):
    """By status, priority, kind and patient."""

    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in TaskStatus])
    priority = filters.ChoiceFilter(choices=[(p.value, p.value) for p in Priority])
    kind = filters.ChoiceFilter(choices=[(k.value, k.value) for k in TaskKind])
    patient = IdFilter("pt", field_name="patient_id")


class Tasks(Endpoint):
    """GET /v1/tasks: urgent first, then by when they are due."""

    verbs = {"get": TASKS["list"]}
    filters = TaskFilters

    @operation(gives=TaskOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The clinic's tasks."""
        rows = tasks_visible_to(self.actor)
        return self.listed(rows, TaskOut, order=("priority_rank", "due_at", "id"))


class OneTask(Endpoint):
    """GET /v1/tasks/{task_id}"""

    verbs = {"get": TASKS["read"]}

    @operation(gives=TaskOut)
    def get(self, request: Request, task_id: str) -> HttpResponse:  # noqa: ARG002
        """One task."""
        return self.look(self.find(tasks_visible_to(self.actor), task_id), TaskOut)


class CompleteTask(Endpoint):
    """POST /v1/tasks/{task_id}/complete"""

    verbs = {"post": TASKS["complete"]}

    @operation(takes=CompleteTaskIn, gives=TaskOut)
    def post(self, request: Request, task_id: str) -> HttpResponse:  # noqa: ARG002
        """Mark it done; an urgent one only after the patient was reached."""
        asked = self.asked(CompleteTaskIn)
        task = self.find(tasks_visible_to(self.actor), task_id)
        version = self.expected_version()
        return self.act(
            lambda: complete_task(
                task_id=task.id,
                **asked,
                expected_version=version,
                by=self.actor,
                at=clock.now(task.patient),
            ),
            TaskOut,
        )
