"""Paths of the patient's app, below /me/."""

from django.urls import path

from backend.portals.patient.views.check_in import check_in, check_in_report, check_ins
from backend.portals.patient.views.consents import consents, one_consent, signed_consent
from backend.portals.patient.views.course import course
from backend.portals.patient.views.home import home
from backend.portals.patient.views.intake import intake, intake_result, intake_review
from backend.portals.patient.views.intake_section import intake_section
from backend.portals.patient.views.pwa import manifest, offline, worker
from backend.portals.patient.views.record_access import record_access
from backend.portals.patient.views.slots import slots
from backend.portals.patient.views.visits import join_visit, one_visit, visits
from backend.portals.patient.views.welcome import welcome

app_name = "patient"
urlpatterns = [
    path("", home, name="home"),
    path("welcome", welcome, name="welcome"),
    path("slots", slots, name="slots"),
    path("visits", visits, name="visits"),
    path("visits/<str:visit_id>", one_visit, name="visit"),
    path("visits/<str:visit_id>/join", join_visit, name="join"),
    path("intake", intake, name="intake"),
    path("intake/review", intake_review, name="intake_review"),
    path("intake/result/<str:response_id>", intake_result, name="intake_result"),
    path("intake/<str:section_id>", intake_section, name="intake_section"),
    path("consents", consents, name="consents"),
    path("consents/<str:document_id>", one_consent, name="consent"),
    path("consents/signed/<str:signature_id>", signed_consent, name="consent_signed"),
    path("check-ins", check_ins, name="check_ins"),
    path("check-ins/now", check_in_report, name="check_in_report"),
    path("check-ins/<str:check_in_id>", check_in, name="check_in"),
    path("course", course, name="course"),
    path("record-accesses", record_access, name="record_accesses"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("worker.js", worker, name="worker"),
    path("offline", offline, name="offline"),
]
