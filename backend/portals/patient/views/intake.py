"""The first questions: overview, one section a page, reading over, sending, and what comes next."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from backend.booking.queries import visits_visible_to
from backend.booking.rules import OPEN
from backend.intake.errors import BadAnswers
from backend.intake.guidance import ALARMS, guidance_for
from backend.intake.models import IntakeResponse
from backend.intake.queries import responses_visible_to
from backend.intake.questionnaire import newest
from backend.intake.rules import RESPONSES, ResponseStatus
from backend.kernel.actor import Role
from backend.kernel.errors import NotFound
from backend.portals.patient.views.intake_asked import Draft
from backend.portals.patient.views.intake_said import in_words
from backend.portals.patient.views.visits_shown import documents_to_sign
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.forms import version_in
from backend.portals.shell.offers import offer
from backend.portals.shell.visit import Visit

FAMILY = "acne_intake"


@page(RESPONSES["list"], only=Role.PATIENT, changes=True)
def intake(visit: Visit) -> HttpResponse:
    """GET /me/intake: begin, go on, or see what was sent. POST `do`: begin, or start anew."""
    response = draft_of(visit)
    if visit.request.method != "POST":
        return _overview(visit, response)
    if visit.request.POST.get("do") == "discard" and response is not None:
        path = f"/v1/intake_responses/{response.ref}/discard"
        reply = visit.act(path, {}, version=version_in(visit.request))
        if reply.ok:
            messages.success(visit.request, _("Your answers were thrown away."))
            return visit.go("patient:intake")
    else:
        reply = visit.act("/v1/intake_responses", {"questionnaire": newest(FAMILY).id})
        if reply.ok or reply.code == "draft_exists":
            first = newest(FAMILY).sections[0].id
            return visit.go("patient:intake_section", section_id=first)
    return _overview(visit, response, problem=reply)


@page(RESPONSES["read"], only=Role.PATIENT, changes=True)
def intake_review(visit: Visit) -> HttpResponse:
    """GET /me/intake/review: all answers to read over. POST: send them."""
    response = draft_of(visit)
    if response is None:
        return visit.go("patient:intake")
    if visit.request.method != "POST":
        return _reviewed(visit, Draft(response, visit))
    path = f"/v1/intake_responses/{response.ref}/submit"
    reply = visit.act(path, {}, version=version_in(visit.request))
    if reply.ok:
        return visit.go("patient:intake_result", response_id=response.ref)
    return _reviewed(visit, Draft(response, visit), problem=reply)


@page(RESPONSES["read"], only=Role.PATIENT)
def intake_result(visit: Visit, response_id: str) -> HttpResponse:
    """GET /me/intake/{response}: what was sent, safe words about it, and the next step."""
    response = visit.find(responses_visible_to(visit.actor), response_id)
    if response.decision is None:
        raise NotFound()
    visit.saw(RESPONSES["read"], response)
    guidance = guidance_for(response.decision)
    said = [finding["patient_message"] for finding in response.findings or []]
    content = {
        "response": response,
        "guidance": guidance,
        "is_urgent": guidance.code == "we_contact_you_today",
        "alarm": ALARMS[0],
        "messages_said": list(dict.fromkeys(text[visit.language] for text in said if text)),
        "has_visit": visits_visible_to(visit.actor)
        .filter(status__in=OPEN, ends_at__gt=visit.now)
        .exists(),
        "to_sign": len(documents_to_sign(response.patient, visit.actor, visit.now)),
        "sections": _said(Draft(response, visit), visit.language),
        "clinic": response.patient.clinic,
    }
    return visit.show("patient/intake_result.html", content)


def draft_of(visit: Visit) -> IntakeResponse | None:
    """The patient's draft, if there is one."""
    rows = responses_visible_to(visit.actor).filter(status=ResponseStatus.DRAFT)
    return rows.order_by("-id").first()


def _overview(
    visit: Visit, response: IntakeResponse | None, *, problem: Reply | None = None
) -> HttpResponse:
    sent = responses_visible_to(visit.actor).filter(status=ResponseStatus.SUBMITTED)
    latest = sent.order_by("-submitted_at", "-id").first()
    draft = Draft(response, visit) if response else None
    steps = draft.steps() if draft else []
    visit.saw_list(RESPONSES["list"], [row for row in (response, latest) if row])
    content: dict[str, Any] = {
        "response": response,
        "latest": latest,
        "questionnaire": draft.questionnaire if draft else newest(FAMILY),
        "steps": steps,
        "done": sum(step.is_done for step in steps),
        "next": next((step for step in steps if not step.is_done), None),
        "alarms": draft.alarms if draft else [],
        "clinic": response.patient.clinic if response else None,
        "problem": problem,
    }
    return visit.show("patient/intake.html", content, status=problem.status if problem else 200)


def _reviewed(visit: Visit, draft: Draft, *, problem: Reply | None = None) -> HttpResponse:
    visit.saw(RESPONSES["read"], draft.response)
    steps = draft.steps()
    missing = sum(step.left for step in steps)
    content = {
        "response": draft.response,
        "sections": _said(draft, visit.language),
        "missing": missing,
        "first_open": next((step for step in steps if not step.is_done), None),
        "last": steps[-1],
        "total": len(steps),
        "alarms": draft.alarms,
        "clinic": draft.response.patient.clinic,
        "submit": offer(
            RESPONSES,
            "submit",
            status=draft.response.status,
            actor=visit.actor,
            unless=BadAnswers.title if missing else None,
        ),
        "problem": problem,
    }
    status = problem.status if problem else 200
    return visit.show("patient/intake_review.html", content, status=status)


def _said(draft: Draft, language: str) -> list[tuple[Any, list[tuple[Any, list[str]]]]]:
    """Each section with its questions that are asked, and the answers in words."""
    asked = draft.asked()
    return [
        (
            step.section,
            [
                (item, in_words(item, draft.answers.get(item.id), language))
                for item in step.section.items
                if item.id in asked
            ],
        )
        for step in draft.steps()
    ]
