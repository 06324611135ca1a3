"""The first questions."""

from django.http import HttpResponse

from backend.intake.rules import RESPONSES
from backend.kernel.actor import Role
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit


@page(RESPONSES["list"], only=Role.PATIENT, changes=True)
def intake(visit: Visit) -> HttpResponse:
    """GET /me/intake."""
    return visit.show("patient/home.html")
