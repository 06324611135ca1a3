"""Every path of the service."""

from django.urls import URLPattern, URLResolver, include, path

from backend.api import problems
from backend.portals.shell.door import bad_request, not_found, too_many
from backend.rulebook.pages import rules_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include("backend.booking.urls")),
    path("v1/", include("backend.accounts.urls")),
    path("v1/", include("backend.pharmacy.urls")),
    path("v1/", include("backend.notifications.urls")),
    path("v1/", include("backend.followups.urls")),
    path("v1/", include("backend.worklist.urls")),
    path("", include("backend.operations.urls")),
    path("v1/", include("backend.auditor.urls")),
    path("", include("backend.auditor.site")),
    path("v1/", include("backend.intake.urls")),
    path("v1/", include("backend.records.urls")),
    path("v1/", include("backend.formulary.urls")),
    path("v1/", include("backend.prescriptions.urls")),
    path("v1/", include("backend.rulebook.urls")),
    path("v1/", include("backend.care.urls")),
    path("v1/", include("backend.retention.urls")),
    path("", include("backend.decision_support.urls")),
    path("rules", rules_page, name="rules"),
    path("_allauth/", include("allauth.headless.urls")),
    path("", include("backend.portals.shell.urls")),
    path("", include("backend.portals.entrance.urls")),
    path("me/", include("backend.portals.patient.urls")),
    path("physician/", include("backend.portals.physician.urls")),
    path("audit-trail/", include("backend.portals.auditing.urls")),
]

handler400 = bad_request
handler404 = not_found
handler429 = too_many  # allauth's
handler500 = problems.server_error
