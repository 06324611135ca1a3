"""The trail as the auditor reads it: found by who, what, whose, when; an entry with its proof."""

import json
import re

from django.http import HttpResponse

from backend.audit.export.errors import TreeIncomplete
from backend.audit.export.prove import proof_of
from backend.audit.read import OpenedEntry, opened
from backend.auditor.filters import AuditEntryFilters
from backend.auditor.looks import note_read
from backend.auditor.people import People
from backend.auditor.queries import entries_visible_to
from backend.auditor.rules import AUDIT_ENTRIES
from backend.auditor.words import act_of
from backend.kernel.actor import Role
from backend.kernel.errors import NotFound, Unavailable
from backend.portals.auditing.searching import SearchForm, as_query
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit

SHOWN = 50
_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


@page(AUDIT_ENTRIES["list"], only=Role.AUDITOR)
def entries(visit: Visit) -> HttpResponse:
    """GET /audit-trail/: entries of the clinic, newest first, narrowed by the form."""
    form = SearchForm(visit.request.GET)
    rows = entries_visible_to(visit.actor)
    if form.is_valid():
        zone = visit.staff_member.clinic.zone
        rows = AuditEntryFilters.apply(as_query(form.cleaned_data, zone), rows)
    else:
        rows = rows.none()
    before = visit.request.GET.get("before", "")
    if _NUMBER.fullmatch(before):
        rows = rows.filter(id__lt=int(before))
    found = list(rows.order_by("-id")[: SHOWN + 1])
    shown = opened(found[:SHOWN])
    people = People({one.entry.actor for one in shown}, viewer=visit.actor)
    note_read(AUDIT_ENTRIES["list"], (one.entry.pseudonym for one in shown), by=visit.actor)
    return visit.show(
        "auditing/entries.html",
        {
            "place": "entries",
            "form": form,
            "lines": [
                (one, people.who(one.entry.actor), act_of(one.entry.action)) for one in shown
            ],
            "older": _older(visit, shown) if len(found) > SHOWN else None,
        },
        status=200 if form.is_valid() else 422,
    )


def _older(visit: Visit, shown: list[OpenedEntry]) -> str:
    query = visit.request.GET.copy()
    query["before"] = str(shown[-1].entry.id)
    return f"?{query.urlencode()}"


@page(AUDIT_ENTRIES["prove"], only=Role.AUDITOR)
def entry(visit: Visit, entry_id: str) -> HttpResponse:
    """GET /audit-trail/entries/{id}: what it says, whose key opens it, and where it is sealed."""
    rows = entries_visible_to(visit.actor)
    row = rows.filter(id=int(entry_id)).first() if _NUMBER.fullmatch(entry_id) else None
    if row is None:
        raise NotFound()
    (found,) = opened([row])
    try:
        proof = proof_of(row.id)
    except TreeIncomplete as error:
        raise Unavailable() from error
    note_read(AUDIT_ENTRIES["prove"], [row.pseudonym], by=visit.actor)
    people = People({row.actor}, viewer=visit.actor)
    return visit.show(
        "auditing/entry.html",
        {
            "place": "entries",
            "found": found,
            "who": people.who(row.actor),
            "act": act_of(row.action),
            "proof": proof,
            "leaf": bytes(row.leaf).hex(),
            "said": json.dumps(row.content, ensure_ascii=False, indent=2, sort_keys=True),
            "facts": sorted((found.facts or {}).items()),
        },
    )
