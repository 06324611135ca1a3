"""How are you: what is asked, what was answered, and what to do about it."""

import json
from hashlib import sha256
from typing import Any

from django.http import HttpResponse

from backend.followups.models import CheckIn
from backend.followups.queries import (
    advice_on,
    check_ins_visible_to,
    course_to_report_on,
    next_check_in,
)
from backend.followups.rules import CHECK_INS, CheckInKind, CheckInStatus
from backend.kernel.actor import Role
from backend.portals.patient.check_in_advice import at_once, tone_of
from backend.portals.patient.check_in_form import CheckInForm
from backend.portals.patient.check_in_questions import asked_of
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.forms import version_in
from backend.portals.shell.offers import offer
from backend.portals.shell.visit import Visit

PAST = 50
RECENT = 5  # a course has one or two check-ins open at a time


@page(CHECK_INS["list"], only=Role.PATIENT)
def check_ins(visit: Visit) -> HttpResponse:
    """GET /me/check-ins: those that wait, the next one, and what was answered."""
    rows = list(check_ins_visible_to(visit.actor).order_by("-opened_at", "-id")[:PAST])
    visit.saw_list(CHECK_INS["list"], rows)
    content = {
        "waiting": [row for row in rows if row.status == CheckInStatus.OPEN],
        "missed": [row for row in rows if row.status == CheckInStatus.MISSED],
        "answered": [row for row in rows if row.status == CheckInStatus.ANSWERED],
        "coming": next_check_in(visit.actor),
        "may_report": course_to_report_on(visit.patient.id) is not None,
        "clinic": visit.patient.clinic,
    }
    return visit.show("patient/check_ins.html", content)


@page(CHECK_INS["read"], only=Role.PATIENT, changes=True)
def check_in(visit: Visit, check_in_id: str) -> HttpResponse:
    """GET, POST /me/check-ins/{id}: the questions; once answered, what to do."""
    row = visit.find(check_ins_visible_to(visit.actor), check_in_id)
    visit.saw(CHECK_INS["read"], row)
    if row.status == CheckInStatus.ANSWERED and visit.request.method != "POST":
        return _thanks(visit, row)  # what is sent once more is for the verb to judge
    asked = asked_of(row.patient, row.course, row.kind, by=visit.actor, at=visit.now)
    form = CheckInForm(visit.request.POST or None, asked=asked, language=visit.language)
    reply = None
    if form.is_valid():
        reply = visit.act(
            f"/v1/check_ins/{row.ref}/answer",
            form.answers(),
            version=version_in(visit.request) or row.version,
        )
        if reply.ok:
            return visit.go("patient:check_in", check_in_id=row.ref)
        form.say(reply.errors)
    told = _told_at_once(visit, form)
    return told or _asking(visit, form, reply, {"check_in": row, "draft": f"check_in:{row.ref}"})


@page(CHECK_INS["report"], only=Role.PATIENT, changes=True)
def check_in_report(visit: Visit) -> HttpResponse:
    """GET, POST /me/check-ins/now: what the patient tells unasked."""
    patient = visit.patient
    visit.saw(CHECK_INS["read"], patient)  # what is asked depends on what is known of the patient
    course = course_to_report_on(patient.id)
    kind = CheckInKind.UNSCHEDULED
    asked = asked_of(patient, course, kind, by=visit.actor, at=visit.now)
    form = CheckInForm(visit.request.POST or None, asked=asked, language=visit.language)
    reply = None
    if form.is_valid():
        reply = visit.act("/v1/check_ins", form.answers())
        if reply.ok:
            return visit.go("patient:check_in", check_in_id=reply.data["id"])
        form.say(reply.errors)
    return _asking(visit, form, reply, {"check_in": None, "draft": "check_in:now"})


def _told_at_once(visit: Visit, form: CheckInForm) -> HttpResponse | None:
    """A red flag in answers that could not be taken is told as a report of its own; None if none.

    Whoever has one reads what to do and need not finish the form: so nor must the physician wait.
    """
    urgent = form.cannot_wait() if form.is_bound else None
    if urgent is None:
        return None
    what = sha256(json.dumps(urgent, sort_keys=True).encode()).hexdigest()[:16]
    # A page that comes back by "back" has its key still: another flag is another report.
    told = visit.act("/v1/check_ins", urgent, apart=f"-{what}")
    return visit.go("patient:check_in", check_in_id=told.data["id"]) if told.ok else None


def _asking(
    visit: Visit, form: CheckInForm, reply: Reply | None, content: dict[str, Any]
) -> HttpResponse:
    row = content["check_in"]
    status = reply.status if reply else 422 if form.is_bound else 200
    shown = {
        **content,
        "form": form,
        "reply": reply,
        "clinic": visit.patient.clinic,
        "at_once": at_once(visit.patient.clinic),
        "offer": offer(CHECK_INS, "answer", status=row.status, actor=visit.actor) if row else None,
    }
    return visit.show("patient/check_in.html", shown, status=status)


def _thanks(visit: Visit, row: CheckIn) -> HttpResponse:
    advice = advice_on(row)
    others = check_ins_visible_to(visit.actor).filter(course_id=row.course_id).exclude(id=row.id)
    recent = list(others.order_by("-opened_at", "-id")[:RECENT])
    called_off = [one.ref for one in recent if one.status == CheckInStatus.CANCELLED]
    content = {
        "unfinished": next((one for one in recent if one.status == CheckInStatus.OPEN), None),
        "check_in": row,
        "advice": advice,
        "tone": tone_of(advice),
        "clinic": row.patient.clinic,
        "drafts": ["check_in:now", *(f"check_in:{ref}" for ref in (row.ref, *called_off))],
    }
    return visit.show("patient/check_in_thanks.html", content)
