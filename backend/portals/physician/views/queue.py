"""What waits for a physician, the most urgent first."""

from django.http import HttpResponse

from backend.kernel.actor import Role
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit
from backend.prescriptions.rules import PRESCRIPTIONS


@page(PRESCRIPTIONS["list"], only=Role.PHYSICIAN)
def queue(visit: Visit) -> HttpResponse:
    """GET /physician/: prescriptions in review."""
    visit.saw_list(PRESCRIPTIONS["list"], [])
    return visit.show("physician/queue.html")
