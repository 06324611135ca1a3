"""One review page: the patient, every gate, the prescription, and the decision about it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.kernel.actor import Role
from backend.kernel.errors import NotFound
from backend.kernel.ids import parse_id
from backend.portals.physician.deciding import FORMS, body_of, same_finding, unbound_forms
from backend.portals.physician.gates import Gates
from backend.portals.physician.glass import or_break_the_glass
from backend.portals.physician.review import review_of, rows_to_review
from backend.portals.physician.words import PRESCRIPTION_STATUSES, PRIORITIES, ROUTES
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.forms import sent
from backend.portals.shell.visit import Visit, proof_address
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import prescriptions_visible_to
from backend.prescriptions.rules import PRESCRIPTIONS, UNSIGNED, PrescriptionStatus
from backend.prescriptions.waiting import next_to_review

DONE = {
    "approve": gettext_lazy("Approved and signed: {what}"),
    "return": gettext_lazy("Returned: {what}"),
    "decline": gettext_lazy("Declined: {what}"),
    "void": gettext_lazy("Voided: {what}"),
    "sign_off": gettext_lazy("Signed off: {what}"),
}


def _has_left_review(visit: Visit, prescription_id: str) -> bool:
    """Whether it was in review, where every physician of the clinic may read it, and is no more."""
    row = prescriptions_visible_to(visit.actor).get(id=parse_id("rx", prescription_id))
    return row.submitted_at is not None and row.status != PrescriptionStatus.IN_REVIEW


@page(PRESCRIPTIONS["assess"], only=Role.PHYSICIAN, changes=True)
@or_break_the_glass(PRESCRIPTIONS["assess"], is_over=_has_left_review)
def review(visit: Visit, prescription_id: str) -> HttpResponse:
    """GET, POST /physician/prescriptions/{id}: `act` names the verb; `open` the dialog to open."""
    row = visit.find(rows_to_review(visit.actor), prescription_id)
    if visit.request.method != "POST":
        if row.status in UNSIGNED and row.status != PrescriptionStatus.IN_REVIEW:
            return redirect("physician:draft", prescription_id=row.ref)
        return _shown(visit, row, opened=visit.request.GET.get("open", ""))
    act = visit.request.POST.get("act", "")
    if act not in FORMS:
        raise NotFound()
    form = FORMS[act](visit.request.POST)
    body = body_of(form) if form.is_valid() else None
    reply = sent(visit, form, f"/v1/prescriptions/{row.ref}/{act}", body=body)
    if reply is not None and reply.ok:
        return _done(visit, row, act)
    if reply is not None and reply.needs_proof and act == "approve":
        return redirect(_proof(row, act))
    row.refresh_from_db(fields=["status", "version", "return_reason"])
    return _shown(visit, row, opened=act, form=form, reply=reply)


@page(PRESCRIPTIONS["list"], only=Role.PHYSICIAN)
@or_break_the_glass(PRESCRIPTIONS["list"], is_over=_has_left_review)
def following(visit: Visit, prescription_id: str) -> HttpResponse:
    """GET /physician/prescriptions/{id}/next: on to what comes after it in the queue."""
    return _next(visit, visit.find(prescriptions_visible_to(visit.actor), prescription_id))


def _proof(row: Prescription, opened: str) -> str:
    """Where one proves who one is, and comes back to the opened dialog."""
    back = f"{reverse('physician:review', args=[row.ref])}?{urlencode({'open': opened})}"
    return proof_address(back)


def _done(visit: Visit, row: Prescription, act: str) -> HttpResponse:
    what = format_html(
        _("{name}, {product}, {mg} mg a day for {days} days"),
        name=_in_japanese(row.patient.name),
        product=_in_japanese(row.product.name),
        mg=row.daily_mg,
        days=row.days,
    )
    messages.success(visit.request, format_html(str(DONE[act]), what=what))
    if act in ("sign_off", "void"):
        return visit.go("physician:review", prescription_id=row.ref)
    return _next(visit, row)


def _in_japanese(name: str) -> SafeString:
    """A name, marked so that it is read out as what it is on a page in another language."""
    return format_html('<span lang="ja">{}</span>', name)


def _next(visit: Visit, row: Prescription) -> HttpResponse:
    found = next_to_review(visit.actor, row)
    if found is None:
        return visit.go("physician:queue")
    return visit.go("physician:review", prescription_id=found.ref)


def _shown(
    visit: Visit,
    row: Prescription,
    *,
    opened: str,
    form: forms.Form | None = None,
    reply: Reply | None = None,
) -> HttpResponse:
    visit.saw(PRESCRIPTIONS["assess"], row)
    found = review_of(visit, row)
    dialogs: dict[str, forms.Form] = unbound_forms(found.gates)
    if form is not None:
        opened = _dialog_of(opened, form, found.gates)
        form.auto_id = f"{opened}_%s"
        dialogs[opened] = form
    content: dict[str, Any] = {
        "review": found,
        "urgent_now": found.urgent,
        "row": row,
        "forms": dialogs,
        "opened": opened,
        "problem": reply,
        "prove": {name: _proof(row, name) for name in dialogs},
        "words": {
            "status": PRESCRIPTION_STATUSES[row.status],
            "route": ROUTES[row.route],
            "priority": PRIORITIES[row.priority_code],
        },
    }
    status = reply.status if reply is not None else 422 if form is not None else 200
    return visit.show("physician/review.html", content, status=status)


def _dialog_of(act: str, form: forms.Form, gates: Gates) -> str:
    """The dialog that a form was sent from; a finding that is gone has none any more."""
    if act != "sign_off":
        return act
    for gate in gates.to_sign:
        if same_finding(form, gate.finding):
            return f"sign_off_{gate.number}"
    return ""
