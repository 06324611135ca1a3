"""One section of the first questions: typed, saved, and on to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from backend.intake.medicine_names import japanese_names
from backend.intake.questionnaire import Item, Section
from backend.intake.rules import RESPONSES
from backend.kernel.actor import Role
from backend.kernel.errors import NotFound
from backend.portals.patient.views.intake import draft_of
from backend.portals.patient.views.intake_asked import Draft, Question, question
from backend.portals.patient.views.intake_typed import (
    Typed,
    Wrong,
    answer_of,
    missing_text,
    typed_in,
)
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.forms import version_in
from backend.portals.shell.visit import Visit

NEXT, BACK, LATER = "next", "back", "later"


@dataclass
class Sheet:
    """What was typed into one section: answers to save, and what is wrong or missing."""

    typed: dict[str, Typed] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Promise | str] = field(default_factory=dict)
    missing: dict[str, Promise | str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)


@page(RESPONSES["read"], only=Role.PATIENT, changes=True)
def intake_section(visit: Visit, section_id: str) -> HttpResponse:
    """GET /me/intake/{section}: its questions. POST `to`: save, then next, back or later.

    What can be read is saved even if something else is wrong; going on asks for every answer,
    going back or stopping does not.
    """
    response = draft_of(visit)
    if response is None:
        if visit.request.method == "POST":  # another page of it was faster
            said = _("They were sent or thrown away before: what you typed last was not saved.")
            messages.warning(visit.request, said)
        return visit.go("patient:intake")
    draft = Draft(response, visit)
    section = _section(draft, section_id)
    if visit.request.method != "POST":
        visit.saw(RESPONSES["read"], response)
        typed = {item.id: draft.saved(item) for item in draft.items_of(section)}
        return _shown(visit, draft, section, Sheet(typed=typed, asked=draft.asked()))
    return _saved(visit, draft, section)


def _saved(visit: Visit, draft: Draft, section: Section) -> HttpResponse:
    sheet = _sheet(visit, draft, section)
    if sheet.answers:
        path = f"/v1/intake_responses/{draft.response.ref}/save"
        reply = visit.act(path, {"answers": sheet.answers}, version=version_in(visit.request))
        if not reply.ok:
            for name, said in reply.errors.items():
                sheet.wrong.setdefault(name.removeprefix("answers.").split(".")[0], said[0])
            return _shown(visit, draft, section, sheet, problem=reply)
        draft = Draft(draft_of(visit) or draft.response, visit)
    to = visit.request.POST.get("to", NEXT)
    if sheet.wrong or (to == NEXT and sheet.missing):
        sheet.wrong = {**sheet.missing, **sheet.wrong} if to == NEXT else sheet.wrong
        return _shown(visit, draft, section, sheet)
    return _onward(visit, draft, section, to)


def _onward(visit: Visit, draft: Draft, section: Section, to: str) -> HttpResponse:
    if to == LATER:
        messages.success(visit.request, _("Saved. You can go on whenever you like."))
        return visit.go("patient:intake")
    ids = [step.section.id for step in draft.steps()]
    place = ids.index(section.id) + (-1 if to == BACK else 1)
    if place < 0:
        return visit.go("patient:intake")
    if place == len(ids):
        return visit.go("patient:intake_review")
    return visit.go("patient:intake_section", section_id=ids[place])


def _sheet(visit: Visit, draft: Draft, section: Section) -> Sheet:
    """Read what was typed. A question that is not asked any more loses its answer."""
    sheet = Sheet()
    items = draft.items_of(section)
    for item in items:
        sheet.typed[item.id] = typed_in(item, visit.request.POST)
        try:
            sheet.answers[item.id] = answer_of(item, sheet.typed[item.id], draft.today)
        except Wrong as wrong:
            sheet.wrong[item.id] = wrong.text
    sheet.asked = draft.asked({**draft.answers, **sheet.answers})
    for item in items:
        _settle(item, sheet, draft.answers)
    return sheet


def _settle(item: Item, sheet: Sheet, saved: Mapping[str, Any]) -> None:
    """What is said of one question: nothing where it is not asked, or need not be."""
    is_asked = item.id in sheet.asked
    if not is_asked:
        sheet.wrong.pop(item.id, None)
        sheet.answers[item.id] = None
    if sheet.answers.get(item.id) is None:
        if is_asked and item.required and item.id not in sheet.wrong:
            sheet.missing[item.id] = missing_text(item)
        if item.id in sheet.answers and item.id not in saved:
            del sheet.answers[item.id]  # there is nothing to take back


def _section(draft: Draft, section_id: str) -> Section:
    found = [step.section for step in draft.steps() if step.section.id == section_id]
    if not found:
        raise NotFound()
    return found[0]


def _shown(
    visit: Visit, draft: Draft, section: Section, sheet: Sheet, *, problem: Reply | None = None
) -> HttpResponse:
    steps = draft.steps()
    here = {item.id for item in section.items}
    number = [step.section.id for step in steps].index(section.id) + 1
    content = {
        "response": draft.response,
        "section": section,
        "questions": [_question(item, draft, section, sheet) for item in draft.items_of(section)],
        "wrong": bool(sheet.wrong),
        "number": number,
        "total": len(steps),
        "names": japanese_names() if visit.language == "ja" else (),
        "alarms": [alarm for alarm in draft.alarms if alarm.item not in here],
        "clinic": draft.response.patient.clinic,
        "problem": problem,
    }
    status = problem.status if problem else 422 if sheet.wrong else 200
    return visit.show("patient/intake_section.html", content, status=status)


def _question(item: Item, draft: Draft, section: Section, sheet: Sheet) -> Question:
    shown = question(
        item,
        sheet.typed.get(item.id, {}),
        is_asked=item.id in sheet.asked,
        of=draft.questionnaire,
    )
    is_here = shown.condition is not None and shown.condition in section.items
    return replace(
        shown,
        error=sheet.wrong.get(item.id, ""),
        condition=shown.condition if is_here else None,
    )
