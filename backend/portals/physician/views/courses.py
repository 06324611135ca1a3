"""A course: where it stands, how to stop or end it, and whether a second one may follow."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from backend.api.identity import is_fresh
from backend.clock import civil_day, now
from backend.followups.queries import second_course_decisions_visible_to
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import NotFound
from backend.pharmacy.models import Dispense
from backend.portals.physician.glass import or_break_the_glass
from backend.portals.physician.panels.dose import dose_of
from backend.portals.physician.planning import (
    EndForm,
    HaltForm,
    ResumeForm,
    SecondCourseForm,
    course_offers,
    prescribe_offer,
    second_course_offer,
)
from backend.portals.physician.urgent import urgent_tasks, waits_for_care
from backend.portals.physician.words import COURSE_STATUSES, PRESCRIPTION_STATUSES
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.forms import plain, sent
from backend.portals.shell.visit import Visit, proof_address
from backend.prescriptions.models import Course
from backend.prescriptions.queries import courses_visible_to, prescriptions_visible_to
from backend.prescriptions.rules import COURSES, CourseStatus
from backend.records.models import Weight
from backend.records.queries import facts_visible_to
from backend.rulebook.queries import in_force_for

FORMS: dict[str, type[forms.Form]] = {
    "halt": HaltForm,
    "resume": ResumeForm,
    "end": EndForm,
    "cancel": forms.Form,
    "decide_second_course": SecondCourseForm,
}
MOST = 60


@page(COURSES["read"], only=Role.PHYSICIAN, changes=True)
@or_break_the_glass(COURSES["read"])
def course(visit: Visit, course_id: str) -> HttpResponse:
    """GET, POST /physician/courses/{id}: `act` names the verb of its form."""
    courses = courses_visible_to(visit.actor).select_related("patient__clinic")
    row = visit.find(courses, course_id)
    if visit.request.method != "POST":
        return _shown(visit, row)
    act = visit.request.POST.get("act", "")
    if act not in FORMS:
        raise NotFound()
    form = FORMS[act](visit.request.POST)
    body = _body(act, form.cleaned_data) if form.is_valid() else None
    reply = sent(visit, form, f"/v1/courses/{row.ref}/{act}", body=body)
    if reply is not None and reply.ok:
        return visit.go("physician:course", course_id=row.ref)
    if reply is not None and reply.needs_proof:
        return visit.go(_prove(row))
    return _shown(visit, row, {act: form}, reply)


def _prove(row: Course) -> str:
    """Where the reader proves who they are, and comes back from to this course."""
    return proof_address(reverse("physician:course", args=[row.ref]))


def _body(act: str, cleaned: dict[str, Any]) -> dict[str, Any]:
    """A second course's decision says `scarring` either way; a clearance is a part of its own."""
    body = plain(cleaned)
    if act != "resume":
        return body
    reason = body.pop("reason")
    return {"reason": reason, "clearance": body}


def _shown(
    visit: Visit,
    row: Course,
    bound: dict[str, forms.Form] | None = None,
    reply: Reply | None = None,
) -> HttpResponse:
    visit.saw(COURSES["read"], row)
    rows = prescriptions_visible_to(visit.actor).filter(course=row).order_by("-id")
    prescriptions = list(rows[:MOST])
    decisions = second_course_decisions_visible_to(visit.actor).filter(course=row)
    decided = list(decisions.order_by("-id")[:MOST]) if row.status == CourseStatus.ENDED else []
    urgent = urgent_tasks(visit.actor)
    offers = course_offers(row, visit.actor, is_urgent=waits_for_care(row.patient, urgent))
    offers["decide"] = second_course_offer(decided, visit.actor)
    offers["draft"] = prescribe_offer(row, prescriptions, visit.actor)
    unbound = {name: made(auto_id=f"{name}_%s") for name, made in FORMS.items()}
    return visit.show(
        "physician/course.html",
        {
            "row": row,
            "urgent_now": urgent,
            "status_word": COURSE_STATUSES[row.status],
            "prescriptions": [(p, PRESCRIPTION_STATUSES[p.status]) for p in prescriptions],
            "decisions": decided,
            "dose": _dose(row, visit.actor),
            "is_proven": is_fresh(visit.request.session),
            "prove": _prove(row),
            "offers": offers,
            "forms": unbound | (bound or {}),
            "act": next(iter(bound or {}), ""),
            "problem": reply,
        },
        status=reply.status if reply is not None else 422 if bound else 200,
    )


def _dose(row: Course, actor: Actor) -> Any:
    at = now(row.patient)
    weights = facts_visible_to(actor, Weight).filter(patient=row.patient, retracted_at=None)
    weight = weights.order_by("-taken_on", "-id").first()
    handed = Dispense.objects.filter(prescription__course=row).select_related(
        "prescription__product"
    )
    pack, _activated = in_force_for(row.patient, at=at)
    return dose_of(
        dispenses=handed,
        dispensed_mg=row.dispensed_mg,
        weight_kg=weight.kg if weight else None,
        pack=pack,
        zone=row.patient.zone,
        today=civil_day(at, row.patient.zone),
    )
