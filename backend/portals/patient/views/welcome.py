"""A new account becomes a patient of a clinic."""

from django.http import HttpResponse

from backend.accounts.rules import PATIENTS
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit


@page(PATIENTS["register"], changes=True)
def welcome(visit: Visit) -> HttpResponse:
    """GET, POST /me/welcome: the profile that a clinic needs."""
    return visit.show("patient/welcome.html")
