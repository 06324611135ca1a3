"""Exports: bundles that a stranger can verify. Asked for, watched while they are built, taken."""

from datetime import datetime, timedelta

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backend.auditor.looks import note_read
from backend.auditor.models import AuditExport
from backend.auditor.queries import exports_visible_to
from backend.auditor.rules import AUDIT_EXPORTS, UNDER_WAY
from backend.auditor.subject import patients_of
from backend.kernel.actor import Role
from backend.portals.auditing.searching import SearchForm, as_query
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit, proof_address

SHOWN = 50
STATUSES = {
    "requested": _("Waits to be built"),
    "building": _("Being built"),
    "signing": _("Waits for the seal"),
    "ready": _("Ready"),
    "failed": _("Failed"),
    "expired": _("Expired"),
}


class ExportForm(forms.Form):
    """Of one patient, or of a period at the clinic."""

    patient = SearchForm.base_fields["patient"]
    since = SearchForm.base_fields["since"]
    until = SearchForm.base_fields["until"]


@page(AUDIT_EXPORTS["list"], only=Role.AUDITOR, changes=True)
def exports(visit: Visit) -> HttpResponse:
    """GET, POST /audit-trail/exports: those of the clinic, and the wish for another."""
    if visit.request.method != "POST":
        return _shown(visit, ExportForm())
    form = ExportForm(visit.request.POST)
    if not form.is_valid():
        return _shown(visit, form)
    zone = visit.staff_member.clinic.zone
    asked = as_query(form.cleaned_data, zone)
    names = {"patient": "patient", "at_from": "recorded_from", "at_before": "recorded_until"}
    body = {said: asked[name] for name, said in names.items() if name in asked}
    reply = visit.act("/v1/audit_exports", body)
    if reply.ok:
        return visit.go("auditing:exports")
    if reply.needs_proof:
        return visit.go(proof_address(reverse("auditing:exports")))
    return _shown(visit, form, reply)


def _shown(visit: Visit, form: ExportForm, reply: Reply | None = None) -> HttpResponse:
    rows = list(exports_visible_to(visit.actor).order_by("-id")[:SHOWN])
    note_read(AUDIT_EXPORTS["list"], (row.pseudonym for row in rows), by=visit.actor)
    patients = patients_of(rows)
    return visit.show(
        "auditing/exports.html",
        {
            "place": "exports",
            "form": form,
            "problem": reply,
            "lines": [
                (row, STATUSES[row.status], patients.get(row.pseudonym or ""), _last(row))
                for row in rows
            ],
            "are_under_way": any(row.status in UNDER_WAY for row in rows),
        },
        status=reply.status if reply is not None else 422 if form.errors else 200,
    )


def _last(row: AuditExport) -> datetime | None:
    """The last instant of an export's period, which ends before `recorded_until`."""
    return row.recorded_until - timedelta(microseconds=1) if row.recorded_until else None
