"""Where the patient's app begins."""

from django.http import HttpResponse

from backend.accounts.rules import PATIENTS
from backend.kernel.actor import Role
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit


@page(PATIENTS["read"], only=Role.PATIENT)
def home(visit: Visit) -> HttpResponse:
    """GET /me/: today, and what comes next."""
    patient = visit.request.user.patient  # type: ignore[union-attr]
    visit.saw(PATIENTS["read"], patient)
    return visit.show("patient/home.html", {"patient": patient})
