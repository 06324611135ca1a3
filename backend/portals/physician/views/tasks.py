"""Tasks that wait for somebody of the clinic, urgent first; and one task with how to finish it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from backend import clock
from backend.api.paging import page_of
from backend.care.models import EmergencyAccess
from backend.care.queries import emergency_accesses_visible_to
from backend.care.rules import EMERGENCY_ACCESSES
from backend.kernel.actor import Role
from backend.portals.physician.glass import REASONS
from backend.portals.physician.tasks import KINDS, form_for
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.forms import plain, sent
from backend.portals.shell.offers import offer
from backend.portals.shell.visit import Visit
from backend.worklist.models import Task
from backend.worklist.queries import tasks_visible_to
from backend.worklist.rules import TASKS, Priority, TaskKind, TaskStatus

A_PAGE = 40
ORDER = ("priority_rank", "due_at", "id")  # the index task_queue


@page(TASKS["list"], only=Role.PHYSICIAN)
def tasks(visit: Visit) -> HttpResponse:
    """GET /physician/tasks: open ones; `priority=urgent` those that cannot wait."""
    asked = visit.request.GET
    is_urgent = asked.get("priority") == Priority.URGENT
    rows = tasks_visible_to(visit.actor).filter(status=TaskStatus.OPEN.value)
    if is_urgent:
        rows = rows.filter(priority=Priority.URGENT.value)
    scope = f"{visit.actor.label}|tasks|{is_urgent}"
    cursor = asked.get("cursor") or None
    found = page_of(visit.within_reach(rows), order=ORDER, limit=A_PAGE, cursor=cursor, scope=scope)
    visit.saw_list(TASKS["list"], found.rows)
    content = {
        "tasks": [(row, KINDS[row.kind], *_waits(row)) for row in found.rows],
        "is_urgent": is_urgent,
        "next_cursor": found.next_cursor,
    }
    return visit.show("physician/tasks.html", content)


@page(TASKS["read"], only=Role.PHYSICIAN, changes=True)
def task(visit: Visit, task_id: str) -> HttpResponse:
    """GET, POST /physician/tasks/{id}: what it is about, and the form that finishes it."""
    row = visit.find(tasks_visible_to(visit.actor), task_id)
    if visit.request.method != "POST":
        return _shown(visit, row, form_for(row))
    form = form_for(row, visit.request.POST)
    body = plain(form.cleaned_data) if form.is_valid() else None
    access = _access_of(visit, row)
    path = f"/v1/tasks/{row.ref}/complete"
    if access is not None:
        path = f"/v1/emergency_accesses/{access.ref}/review"
    reply = sent(visit, form, path, body=body)
    if reply is None or not reply.ok:
        return _shown(visit, row, form, reply)
    messages.success(visit.request, _("Done: %(what)s") % {"what": KINDS[row.kind]})
    return visit.go("physician:tasks")


def _access_of(visit: Visit, row: Task) -> EmergencyAccess | None:
    """The emergency access that a task is about: it is done by reviewing that."""
    if row.kind != TaskKind.EMERGENCY_ACCESS_REVIEW:
        return None
    return emergency_accesses_visible_to(visit.actor).filter(task=row).first()


def _shown(visit: Visit, row: Task, form: forms.Form, reply: Reply | None = None) -> HttpResponse:
    visit.saw(TASKS["read"], row)
    access = _access_of(visit, row)
    offered = offer(TASKS, "complete", status=row.status, actor=visit.actor)
    if access is not None:
        offered = offer(EMERGENCY_ACCESSES, "review", status=access.status, actor=visit.actor)
    waited, is_late = _waits(row)
    content = {
        "row": row,
        "kind": KINDS[row.kind],
        "waited": waited,
        "is_late": is_late,
        "form": form,
        "offer": offered,
        "version": access.version if access else row.version,
        "access": access,
        "reason": REASONS[access.reason] if access else "",
        "problem": reply,
    }
    status = reply.status if reply is not None else 422 if form.is_bound else 200
    return visit.show("physician/task.html", content, status=status)


def _waits(row: Task) -> tuple[object, bool]:
    """How long it has waited, and whether it is overdue; on the patient's clock."""
    now = clock.now(row.patient)
    return now - row.opened_at, row.due_at < now
