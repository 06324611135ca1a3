"""Paths of the audit trail."""

from django.urls import path

from backend.auditor.views.accesses import RecordAccesses
from backend.auditor.views.entries import (
    AuditEntries,
    AuditVerification,
    DownloadProof,
    OneAuditEntry,
)
from backend.auditor.views.events import AuditEvents
from backend.auditor.views.exports import AuditExports, DownloadAuditExport, OneAuditExport
from backend.auditor.views.sealed import AuditCheckpoints, RowChanges

urlpatterns = [
    path("audit_entries", AuditEntries.as_view()),
    path("audit_entries/<str:entry_id>", OneAuditEntry.as_view()),
    path("audit_entries/<str:entry_id>/proof", DownloadProof.as_view()),
    path("audit_verification", AuditVerification.as_view()),
    path("audit_checkpoints", AuditCheckpoints.as_view()),
    path("audit_events", AuditEvents.as_view()),
    path("audit_exports", AuditExports.as_view()),
    path("audit_exports/<str:export_id>", OneAuditExport.as_view()),
    path("audit_exports/<str:export_id>/download", DownloadAuditExport.as_view()),
    path("record_accesses", RecordAccesses.as_view()),
    path("row_changes", RowChanges.as_view()),
]
