"""What the app announces."""

EXPORT_REQUESTED = "auditor.audit_export.requested"
EXPORT_READY = "auditor.audit_export.ready"

EVENTS = (EXPORT_REQUESTED, EXPORT_READY)
