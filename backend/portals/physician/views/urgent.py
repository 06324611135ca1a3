"""The urgent banner by itself, for pages that are left open."""

from django.http import HttpResponse

from backend.kernel.actor import Role
from backend.portals.physician.urgent import urgent_tasks
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit
from backend.worklist.rules import TASKS


@page(TASKS["list"], only=Role.PHYSICIAN)
def urgent(visit: Visit) -> HttpResponse:
    """GET /physician/urgent: the banner; it names no patient, so it leaves no entry.

    `seen`: the number that the page shows; a larger one is announced.
    """
    seen = visit.request.GET.get("seen", "")
    is_more = seen.isdecimal() and urgent_tasks(visit.actor).count > int(seen[:6])
    return visit.show("physician/desk/urgent.html", {"is_more": is_more})
