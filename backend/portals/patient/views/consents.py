"""Read the consent documents, sign them, read again what was signed, and withdraw."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from backend.accounts.models import Patient
from backend.accounts.queries import patients_visible_to
from backend.intake.documents import LANGUAGES, documents, render
from backend.intake.models import ConsentSignature
from backend.intake.queries import signatures_visible_to
from backend.intake.rules import DOCUMENTS, SIGNATURES
from backend.kernel.actor import Role
from backend.kernel.errors import NotFound
from backend.portals.patient.views.consents_shown import Paper, blocks_of, papers
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.forms import version_in
from backend.portals.shell.offers import offer
from backend.portals.shell.visit import Visit

MOST_LISTED = 50


@page(DOCUMENTS["list"], only=Role.PATIENT)
def consents(visit: Visit) -> HttpResponse:
    """GET /me/consents: what is to be signed and what for, and what was signed when."""
    patient, signatures = _mine(visit)
    visit.saw_list(SIGNATURES["list"], signatures)
    found = papers(visit, patient, signatures)
    shown = {paper.signature.id for paper in found if paper.signature}
    content = {
        "to_sign": [paper for paper in found if paper.signature is None],
        "signed": [paper for paper in found if paper.signature is not None],
        "earlier": [
            (row, documents().get(row.document)) for row in signatures if row.id not in shown
        ],
        "clinic": patient.clinic,
    }
    return visit.show("patient/consents.html", content)


@page(DOCUMENTS["list"], only=Role.PATIENT, changes=True)
def one_consent(visit: Visit, document_id: str) -> HttpResponse:
    """GET /me/consents/{document}?lang: read it. POST: sign the text that was read."""
    patient, signatures = _mine(visit)
    found = papers(visit, patient, signatures)
    paper = next((one for one in found if one.document.id == document_id), None)
    if paper is None:
        raise NotFound()
    if paper.signature is not None:
        return visit.go("patient:consent_signed", signature_id=paper.signature.ref)
    if visit.request.method != "POST":
        visit.saw_list(DOCUMENTS["list"], [])
        return _shown(visit, patient, paper, found)
    return _signed(visit, patient, paper, found)


@page(SIGNATURES["read"], only=Role.PATIENT, changes=True)
def signed_consent(visit: Visit, signature_id: str) -> HttpResponse:
    """GET /me/consents/signed/{id}: the text as it was signed. POST: withdraw the consent."""
    row = visit.find(signatures_visible_to(visit.actor), signature_id)
    problem: Reply | None = None
    if visit.request.method == "POST":
        path = f"/v1/consent_signatures/{row.ref}/withdraw"
        problem = visit.act(path, {}, version=version_in(visit.request))
        if problem.ok:
            messages.success(visit.request, _("You withdrew this consent. The clinic is told."))
            return visit.go("patient:consents")
    visit.saw(SIGNATURES["read"], row)
    document = documents().get(row.document)
    content = {
        "row": row,
        "document": document,
        "blocks": blocks_of(row.text, document),
        "withdraw": offer(SIGNATURES, "withdraw", status=row.status, actor=visit.actor),
        "problem": problem,
    }
    status = problem.status if problem else 200
    return visit.show("patient/consent_signed.html", content, status=status)


def _mine(visit: Visit) -> tuple[Patient, list[ConsentSignature]]:
    patient = patients_visible_to(visit.actor).get()
    rows = signatures_visible_to(visit.actor).order_by("-signed_at", "-id")[:MOST_LISTED]
    return patient, list(rows)


def _signed(visit: Visit, patient: Patient, paper: Paper, found: list[Paper]) -> HttpResponse:
    sent = visit.request.POST
    if not sent.get("agreed"):
        return _shown(visit, patient, paper, found, errors={"agreed": True})
    body = {
        "document": paper.document.id,
        "text_sha256": sent.get("text_sha256", ""),
        "typed_name": sent.get("typed_name", ""),
        "disclosures_acknowledged": sent.getlist("disclosures"),
    }
    reply = visit.act("/v1/consent_signatures", body)
    if not reply.ok:
        return _shown(visit, patient, paper, found, problem=reply)
    messages.success(visit.request, _("Signed. Thank you."))
    left = [one for one in found if one.signature is None and one is not paper]
    if left:
        return visit.go("patient:consent", document_id=left[0].document.id)
    return visit.go("patient:consents")


def _shown(
    visit: Visit,
    patient: Patient,
    paper: Paper,
    found: list[Paper],
    *,
    problem: Reply | None = None,
    errors: dict[str, bool] | None = None,
) -> HttpResponse:
    sent: Any = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    asked_for = sent.get("lang", "")
    reading = asked_for if asked_for in LANGUAGES else visit.language
    rendered = render(paper.document, patient.clinic, reading)
    acknowledged = sent.getlist("disclosures")
    errors = dict(errors or {})
    for name in problem.errors if problem else ():
        errors[name.split(".")[0]] = True
    content = {
        "paper": paper,
        "patient": patient,
        "reading": reading,
        "rendered": rendered,
        "blocks": blocks_of(rendered.text, paper.document),
        "number": sum(one.signature is not None for one in found) + 1,
        "total": len(found),
        "sent": sent,
        "acknowledged": acknowledged,
        "errors": errors,
        "problem": problem,
    }
    status = problem.status if problem else 422 if errors else 200
    return visit.show("patient/consent.html", content, status=status)
