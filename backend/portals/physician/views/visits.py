"""One visit: begin it, hold it by video, keep notes, complete it with its checklist."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.booking.errors import NotYourVisit, RoomClosed
from backend.booking.queries import notes_visible_to, visits_visible_to
from backend.booking.rules import NOTES, VISITS, VisitStatus
from backend.booking.video import check_room_open, provider
from backend.kernel.actor import Role
from backend.kernel.errors import NotFound
from backend.portals.physician.glass import or_break_the_glass
from backend.portals.physician.words import (
    CHECKLIST,
    HISTORIES,
    KINDS,
    MODES,
    VISIT_STATUSES,
    to_choose,
)
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.forms import sent
from backend.portals.shell.offers import offer
from backend.portals.shell.visit import Visit
from backend.prescriptions.queries import courses_visible_to

MOST_NOTES = 50
JOINABLE = (VisitStatus.BOOKED, VisitStatus.IN_PROGRESS)


class StartForm(forms.Form):
    """How they meet, and what is known of the patient (J-04, J-06)."""

    mode = forms.ChoiceField(label=_("How you meet"), choices=list(MODES.items()))
    kind = forms.ChoiceField(label=_("Which visit"), choices=to_choose(KINDS))
    history = forms.ChoiceField(
        label=_("What is known of the patient"), choices=to_choose(HISTORIES)
    )


class CompleteForm(forms.Form):
    """The checklist; what is not ticked stays unknown."""

    done = forms.MultipleChoiceField(
        label=_("Done in this visit"),
        choices=list(CHECKLIST.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not ticked stays unknown, and rules that need it will hold."),
    )


class NoteForm(forms.Form):
    """What is to be kept."""

    text = forms.CharField(label=_("Note"), max_length=10_000, widget=forms.Textarea)


FORMS: dict[str, type[forms.Form]] = {
    "start": StartForm,
    "complete": CompleteForm,
    "add_note": NoteForm,
    "mark_no_show": forms.Form,
}


@page(VISITS["read"], only=Role.PHYSICIAN, changes=True)
@or_break_the_glass(VISITS["read"])
def one_visit(visit: Visit, visit_id: str) -> HttpResponse:
    """GET, POST /physician/visits/{id}: what can be done now is one form each (`act` names it)."""
    row = visit.find(visits_visible_to(visit.actor), visit_id)
    asked = visit.request.POST.get("act", "")
    if visit.request.method != "POST":
        return _shown(visit, row)
    if asked not in FORMS:
        raise NotFound()
    form = FORMS[asked](visit.request.POST)
    body = None
    if asked == "complete" and form.is_valid():
        body = dict.fromkeys(form.cleaned_data["done"], True)
    reply = sent(visit, form, f"/v1/visits/{row.ref}/{asked}", body=body)
    if reply is not None and reply.ok:
        return visit.go("physician:visit", visit_id=row.ref)
    return _shown(visit, row, {asked: form}, reply)


def _shown(
    visit: Visit, row: Any, bound: dict[str, forms.Form] | None = None, reply: Reply | None = None
) -> HttpResponse:
    visit.saw(VISITS["read"], row)
    notes = list(notes_visible_to(visit.actor).filter(visit=row).order_by("id")[:MOST_NOTES])
    visit.saw_list(NOTES["list"], notes)
    offers = {name: offer(VISITS, name, status=row.status, actor=visit.actor) for name in FORMS}
    course = (
        courses_visible_to(visit.actor).filter(patient=row.patient_id).order_by("-number").first()
    )
    unbound = {name: made(auto_id=f"{name}_%s") for name, made in FORMS.items()}
    content = {
        "row": row,
        "status_word": VISIT_STATUSES[row.status],
        "notes": notes,
        "offers": offers,
        "forms": unbound | (bound or {}),
        "problem": reply,
        "course": course,
        "checklist": [(word, getattr(row, name)) for name, word in CHECKLIST.items()],
        "is_joinable": row.status in JOINABLE,
    }
    wrong = reply.status if reply is not None else 422 if bound else 200
    return visit.show("physician/visit.html", content, status=wrong)


@page(VISITS["join"], only=Role.PHYSICIAN)
def join(visit: Visit, visit_id: str) -> HttpResponse:
    """GET /physician/visits/{id}/join: on to the video room, around the time of the visit.

    Raises RoomClosed (409) outside it, NotYourVisit for a colleague's.
    """
    row = visit.find(visits_visible_to(visit.actor), visit_id)
    if row.physician.user_id != visit.actor.user_id:
        raise NotYourVisit()
    if row.status not in JOINABLE:
        raise RoomClosed()
    check_room_open(row, clock.now(row.patient))
    visit.saw(VISITS["join"], row)
    return visit.go(provider().room_url(row))
