"""The trail as the auditor reads it."""

from django.http import HttpResponse

from backend.auditor.rules import AUDIT_ENTRIES
from backend.kernel.actor import Role
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit


@page(AUDIT_ENTRIES["list"], only=Role.AUDITOR)
def entries(visit: Visit) -> HttpResponse:
    """GET /audit-trail/: entries, newest first."""
    visit.saw_list(AUDIT_ENTRIES["list"], [])
    return visit.show("auditing/entries.html")
