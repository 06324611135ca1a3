"""Paths of the auditor's desk, below /audit-trail/."""

from django.urls import path

from backend.portals.auditing.views.entries import entries

app_name = "auditing"
urlpatterns = [
    path("", entries, name="entries"),
]
