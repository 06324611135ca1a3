"""Writing a prescription: plan the dose, draft, change, send to review."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

from backend.kernel.actor import Role
from backend.portals.physician.choices import choices_for
from backend.portals.physician.glass import or_break_the_glass
from backend.portals.physician.prescribing import PlanForm, PrescriptionForm
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.forms import plain, sent
from backend.portals.shell.visit import Visit
from backend.prescriptions.models import Course
from backend.prescriptions.queries import courses_visible_to
from backend.prescriptions.rules import COURSES, PRESCRIPTIONS


@page(PRESCRIPTIONS["draft"], only=Role.PHYSICIAN, changes=True)
@or_break_the_glass(PRESCRIPTIONS["draft"])
def prescribe(visit: Visit, course_id: str) -> HttpResponse:
    """GET, POST /physician/courses/{id}/prescribe: the planner, and a new draft."""
    course = visit.find(courses_visible_to(visit.actor), course_id)
    act = visit.request.POST.get("act", "")
    if visit.request.method != "POST":
        return _writing(visit, course)
    if act == "plan":
        plan = PlanForm(visit.request.POST)
        reply = sent(visit, plan, f"/v1/courses/{course.ref}/plan_dose")
        return _writing(visit, course, plan=plan, reply=reply)
    form = PrescriptionForm(visit.request.POST, **choices_for(visit, course))
    body = plain(form.cleaned_data) | {"course": course.ref} if form.is_valid() else None
    reply = sent(visit, form, "/v1/prescriptions", body=body)
    if reply is not None and reply.ok:
        return visit.go("physician:draft", prescription_id=reply.data["id"])
    return _writing(visit, course, form=form, reply=reply)


def _writing(
    visit: Visit,
    course: Course,
    *,
    form: PrescriptionForm | None = None,
    plan: PlanForm | None = None,
    reply: Reply | None = None,
) -> HttpResponse:
    visit.saw(COURSES["read"], course)
    refused = reply is not None and not reply.ok
    status = reply.status if refused and reply else 422 if form and not form.is_valid() else 200
    return visit.show(
        "physician/prescribe.html",
        {
            "course": course,
            "form": form or PrescriptionForm(**choices_for(visit, course)),
            "plan_form": plan or PlanForm(),
            "plan": _readable(reply.data) if reply is not None and reply.ok else None,
            "problem": reply if refused else None,
        },
        status=status,
    )


def _readable(plan: dict[str, Any]) -> dict[str, Any]:
    """The planner's answer with days and numbers that the page can write as the reader does."""
    supplies = [
        {
            **supply,
            "starts_on": date.fromisoformat(supply["starts_on"]),
            "cumulative_mg_per_kg": Decimal(supply["cumulative_mg_per_kg"]),
        }
        for supply in plan["supplies"]
    ]
    return {**plan, "supplies": supplies}
