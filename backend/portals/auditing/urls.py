"""Paths of the auditor's desk, below /audit-trail/."""

from django.urls import path

from backend.portals.auditing.views.entries import entries, entry
from backend.portals.auditing.views.exports import exports

app_name = "auditing"
urlpatterns = [
    path("", entries, name="entries"),
    path("entries/<str:entry_id>", entry, name="entry"),
    path("exports", exports, name="exports"),
]
