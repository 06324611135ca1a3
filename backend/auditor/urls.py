"""Paths of the audit trail."""

from django.urls import path

from backend.auditor.views import AuditEntries, AuditVerification

urlpatterns = [
    path("audit_entries", AuditEntries.as_view()),
    path("audit_verification", AuditVerification.as_view()),
]
