"""Emergency access from a page: opened with a reason, given back with a click."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from backend.care.rules import EMERGENCY_ACCESSES
from backend.kernel.actor import Role
from backend.portals.physician.glass import GlassForm, glass_page, not_asked_well, safe
from backend.portals.shell.door import page
from backend.portals.shell.forms import sent, version_in
from backend.portals.shell.visit import Visit


@page(EMERGENCY_ACCESSES["break_glass"], only=Role.PHYSICIAN, changes=True)
def break_glass(visit: Visit) -> HttpResponse:
    """POST /physician/glass: open a record for an hour; then back to the page that was closed."""
    if visit.request.method != "POST":
        return visit.go("physician:queue")
    form = GlassForm(visit.request.POST)
    said = form.cleaned_data if form.is_valid() else {}
    body = {name: said.get(name) for name in ("patient", "reason", "reason_text")}
    reply = sent(visit, form, "/v1/emergency_accesses", body=body)
    if reply is not None and (reply.ok or reply.code == "emergency_access_runs"):
        answer = redirect(safe(said.get("next", "")) or "physician:queue")
        answer.status_code = 303
        return answer
    if reply is None:
        return not_asked_well(visit, form)
    return glass_page(visit, form, status=reply.status, problem=reply)


@page(EMERGENCY_ACCESSES["end"], only=Role.PHYSICIAN, changes=True)
def end_glass(visit: Visit, emergency_access_id: str) -> HttpResponse:
    """POST /physician/glass/{id}/end: give the access back; a refusal is said on the queue."""
    if visit.request.method == "POST":
        path = f"/v1/emergency_accesses/{emergency_access_id}/end"
        reply = visit.act(path, {}, version=version_in(visit.request))
        if not reply.ok:
            messages.error(visit.request, reply.detail or reply.title)
    return visit.go("physician:queue")
