"""Use case: an export cannot be built."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.auditor.models import AuditExport
from backend.auditor.rules import AUDIT_EXPORTS, ExportStatus
from backend.auditor.steps.hold_export import hold_export
from backend.db import save_changes, service
from backend.kernel.actor import Actor


@service
def fail_export(*, export_id: UUID, epoch: int, code: str, by: Actor, at: datetime) -> AuditExport:
    """The export with the reason; nothing of it is kept. Raises LeaseLost."""
    row = hold_export(export_id, epoch)
    row.parts.all().delete()
    row.status, row.lease_until, row.failure = ExportStatus.FAILED, None, code
    save_changes(row, "status", "lease_until", "failure")
    record(AUDIT_EXPORTS["fail"].action, on=row, by=by, at=at, facts={"code": code})
    return row
