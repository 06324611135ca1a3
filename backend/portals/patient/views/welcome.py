"""A new account becomes a patient of a clinic."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from backend.accounts.models import Clinic
from backend.accounts.queries import clinics_visible_to, clocks_of_clinic
from backend.accounts.rules import CLINICS, PATIENTS
from backend.portals.patient.views.welcome_form import ProfileForm
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit


@page(PATIENTS["register"], changes=True)
def welcome(visit: Visit) -> HttpResponse:
    """GET, POST /me/welcome: the profile that a clinic needs."""
    if visit.actor.patient_id is not None:
        return visit.go("patient:home")
    clinics = list(clinics_visible_to(visit.actor).order_by("name", "id"))
    if visit.request.method != "POST":
        visit.saw_list(CLINICS["list"], clinics)
        return _shown(visit, _form(visit, clinics), clinics)
    form = _form(visit, clinics, sent=True)
    if not form.is_valid():
        return _shown(visit, form, clinics, status=422)
    reply = visit.act("/v1/patients", form.body())
    if reply.ok or reply.code == "profile_exists":
        messages.success(visit.request, _("Welcome. Your profile is saved."))
        return visit.go("patient:home")
    form.take(reply)
    return _shown(visit, form, clinics, reply, status=reply.status)


def _form(visit: Visit, clinics: list[Clinic], *, sent: bool = False) -> ProfileForm:
    shown = [(one.ref, one.name_en if visit.language == "en" else one.name) for one in clinics]
    clocks = (
        [(each.ref, each.name) for one in clinics for each in clocks_of_clinic(one).order_by("-id")]
        if settings.SANDBOX and len(clinics) == 1
        else []
    )
    initial = {"zone": "Asia/Tokyo", "language": visit.language}
    return ProfileForm(shown, clocks, visit.request.POST if sent else None, initial=initial)


def _shown(
    visit: Visit,
    form: ProfileForm,
    clinics: list[Clinic],
    problem: Reply | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    content = {
        "form": form,
        "only_clinic": clinics[0] if len(clinics) == 1 else None,
        "problem": problem,
    }
    return visit.show("patient/welcome.html", content, status=status)
