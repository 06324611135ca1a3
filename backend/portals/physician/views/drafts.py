"""A prescription that is not in review yet: change it, send it to review, or give it up."""

from typing import Any

from django.http import HttpResponse

from backend.kernel.actor import Role
from backend.kernel.errors import NotFound
from backend.kernel.ids import public_id
from backend.portals.physician.choices import choices_for
from backend.portals.physician.glass import or_break_the_glass
from backend.portals.physician.prescribing import PrescriptionForm
from backend.portals.physician.words import PRESCRIPTION_STATUSES
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.forms import plain, sent, version_in
from backend.portals.shell.offers import offer
from backend.portals.shell.visit import Visit
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import prescriptions_visible_to
from backend.prescriptions.rules import PRESCRIPTIONS

ACTS = ("update", "submit", "cancel")


@page(PRESCRIPTIONS["read"], only=Role.PHYSICIAN, changes=True)
@or_break_the_glass(PRESCRIPTIONS["read"])
def draft(visit: Visit, prescription_id: str) -> HttpResponse:
    """GET, POST /physician/prescriptions/{id}/draft: `act` names what is done with it."""
    row = visit.find(prescriptions_visible_to(visit.actor), prescription_id)
    form = PrescriptionForm(initial=_initial(row), **choices_for(visit, row.course))
    if visit.request.method != "POST":
        return _shown(visit, row, form)
    act = visit.request.POST.get("act", "")
    if act not in ACTS:
        raise NotFound()
    if act == "update":
        form = PrescriptionForm(visit.request.POST, **choices_for(visit, row.course))
        body = plain(form.cleaned_data) if form.is_valid() else None
        reply = sent(visit, form, f"/v1/prescriptions/{row.ref}/update", body=body)
    else:
        path = f"/v1/prescriptions/{row.ref}/{act}"
        reply = visit.act(path, {}, version=version_in(visit.request))
    if reply is not None and reply.ok:
        to = "physician:draft" if act == "update" else "physician:review"
        return visit.go(to, prescription_id=row.ref)
    return _shown(visit, row, form, reply)


def _shown(
    visit: Visit, row: Prescription, form: PrescriptionForm, reply: Reply | None = None
) -> HttpResponse:
    visit.saw(PRESCRIPTIONS["read"], row)
    status = reply.status if reply is not None else 422 if form.errors else 200
    offers = {
        act: offer(
            PRESCRIPTIONS, act, status=row.status, actor=visit.actor, states=PRESCRIPTION_STATUSES
        )
        for act in ACTS
    }
    return visit.show(
        "physician/draft.html",
        {
            "row": row,
            "status_word": PRESCRIPTION_STATUSES[row.status],
            "form": form,
            "offers": offers,
            "problem": reply,
        },
        status=status,
    )


def _initial(row: Prescription) -> dict[str, Any]:
    return {
        "visit": public_id("vis", row.visit_id),
        "product": row.product.ref,
        "lot": row.lot.ref,
        "daily_mg": row.daily_mg,
        "days": row.days,
        "doses_per_day": row.doses_per_day,
        "route": row.route,
        "priority": row.priority_code,
    }
