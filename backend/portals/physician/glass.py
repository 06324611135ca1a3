"""Breaking the glass from a page: where there is no care relation, a way in that is recorded."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.accounts.models import Patient
from backend.accounts.queries import patients_visible_to
from backend.api.care import CareRelationRequired
from backend.api.entries import Target, note_refusal
from backend.care.models import EmergencyAccess
from backend.care.queries import emergency_accesses_visible_to
from backend.care.rules import EMERGENCY_ACCESSES, SHORTEST_REASON, EmergencyAccessStatus
from backend.kernel.actor import Actor
from backend.kernel.errors import Invalid
from backend.kernel.ids import NotAnId, parse_id
from backend.kernel.verbs import Verb
from backend.origin import EMERGENCY, origin
from backend.portals.physician.words import to_choose
from backend.portals.shell.visit import Visit

View = Callable[..., HttpResponse]
REASONS = {
    "acute_danger": _("Acute danger"),
    "patient_asked": _("The patient asked for it"),
    "covering_colleague": _("Covering for a colleague"),
    "other": _("Other"),
}


class GlassForm(forms.Form):
    """Whose record, why in a code and in words, and where to go on."""

    patient = forms.CharField(widget=forms.HiddenInput, max_length=40)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)
    reason = forms.ChoiceField(label=_("Reason"), choices=to_choose(REASONS))
    reason_text = forms.CharField(
        label=_("Why care requires it"),
        help_text=_("At least 10 characters. Who reviews it reads this, and so does the patient."),
        min_length=SHORTEST_REASON,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def or_break_the_glass(
    verb: Verb, *, is_over: Callable[..., bool] | None = None
) -> Callable[[View], View]:
    """Where the record is closed to the physician, offer the emergency access instead of a no.

    Goes below `@page(verb)`. The refusal leaves its entry, about the patient, as on /v1.
    `is_over` is asked with what the view is asked with: whether the work is done that had opened
    the record to every physician of the clinic. Then the page says that first.
    """

    def made(view: View) -> View:
        @wraps(view)
        def behind(visit: Visit, **parts: Any) -> HttpResponse:
            try:
                return view(visit, **parts)
            except CareRelationRequired as refusal:
                return _closed(
                    visit, verb, refusal, is_over=bool(is_over and is_over(visit, **parts))
                )

        return behind

    return made


def not_asked_well(visit: Visit, form: GlassForm) -> HttpResponse:
    """The page again, for a reason that is none: it names the patient, so it leaves an entry."""
    whose = _named(visit, str(form.data.get("patient", "")))
    with transaction.atomic():
        action = EMERGENCY_ACCESSES["break_glass"].action
        note_refusal(action, Invalid(), on=whose or Target("patient"), by=visit.actor)
    return glass_page(visit, form, status=422)


def _closed(
    visit: Visit, verb: Verb, refusal: CareRelationRequired, *, is_over: bool
) -> HttpResponse:
    patient = str(refusal.extra["patient"])
    with transaction.atomic():
        note_refusal(verb.action, refusal, on=Target(patient, Target(patient)), by=visit.actor)
    form = GlassForm(initial={"patient": patient, "next": visit.request.get_full_path()})
    return glass_page(visit, form, status=refusal.status, is_over=is_over)


def open_accesses(actor: Actor) -> list[EmergencyAccess]:
    """The actor's emergency accesses that open a record now. One query where a page is seen so."""
    if origin().purpose != EMERGENCY:
        return []
    rows = emergency_accesses_visible_to(actor).filter(
        opened_by_id=actor.user_id, status=EmergencyAccessStatus.GRANTED.value
    )
    return [row for row in rows if row.is_open(clock.now(row.patient))]


def glass_page(
    visit: Visit, form: GlassForm, *, status: int, problem: Any = None, is_over: bool = False
) -> HttpResponse:
    """The page that asks for a reason. It shows what a search shows: name, reading, birth day."""
    named = form.data.get("patient") or form.initial.get("patient", "")
    content = {
        "form": form,
        "problem": problem,
        "patient": _named(visit, str(named)),
        "is_over": is_over,
    }
    return visit.show("physician/glass.html", content, status=status)


def safe(address: str) -> str | None:
    """An address of our own, or None."""
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if address.startswith("/") and ours else None


def _named(visit: Visit, ref: str) -> Patient | None:
    try:
        return patients_visible_to(visit.actor).filter(id=parse_id("pt", ref)).first()
    except NotAnId:
        return None
