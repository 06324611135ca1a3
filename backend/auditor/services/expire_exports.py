"""Use case: exports are not kept for longer than they may be."""

from datetime import datetime

from backend.audit.record import record
from backend.auditor.models import AuditExport
from backend.auditor.queries import overdue
from backend.auditor.rules import AUDIT_EXPORTS, ExportStatus
from backend.db import save_changes, service
from backend.kernel.actor import Actor


@service
def expire_exports(*, by: Actor, at: datetime, at_most: int = 20) -> int:
    """Drop the bytes of exports whose time is over, or of whom somebody was erased; how many."""
    rows = AuditExport.objects.select_for_update(of=("self",), skip_locked=True)
    found = list(overdue(rows, at).order_by("id")[:at_most])
    for row in found:
        AUDIT_EXPORTS.check_move("expire", row.status)
        row.parts.all().delete()
        row.status = ExportStatus.EXPIRED
        save_changes(row, "status")
        record(AUDIT_EXPORTS["expire"].action, on=row, by=by, at=at)
    return len(found)
