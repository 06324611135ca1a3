"""Paths that every portal uses: the language of the pages, and what browsers report."""

from django.urls import path
from django.views.i18n import set_language

from backend.portals.shell.csp_reports import csp_report
from backend.portals.shell.design import design_page

urlpatterns = [
    path("language", set_language, name="set_language"),
    path("csp-report", csp_report, name="csp_report"),
    path("design", design_page, name="design"),
]
