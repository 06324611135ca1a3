"""Use case: all of a file is written but the sealer's signature."""

from datetime import datetime
from uuid import UUID

from backend.audit.export.bundle import Written
from backend.audit.export.manifest import ask_for_signature
from backend.audit.record import record
from backend.auditor.models import AuditExport
from backend.auditor.rules import AUDIT_EXPORTS, ExportStatus
from backend.auditor.steps.hold_export import hold_export
from backend.db import save_changes, service
from backend.kernel.actor import Actor


@service
def await_signature(
    *, export_id: UUID, epoch: int, written: Written, size_bytes: int, by: Actor, at: datetime
) -> AuditExport:
    """The export with what it says of itself; the sealer signs soon. Raises LeaseLost."""
    row = hold_export(export_id, epoch)
    row.manifest = ask_for_signature(written.content, by=by, at=at)
    row.status, row.lease_until = ExportStatus.SIGNING, None
    row.entries, row.tree_size = written.entries, written.head.size
    row.unsealed, row.size_bytes = written.unsealed, size_bytes
    row.shows, row.opens = sorted(written.shows), sorted(written.opens)
    fields = ("manifest", "status", "lease_until", "entries", "tree_size", "unsealed")
    save_changes(row, *fields, "size_bytes", "shows", "opens")
    facts = {"entries": str(row.entries), "tree_size": str(row.tree_size)}
    record(AUDIT_EXPORTS["await_signature"].action, on=row, by=by, at=at, facts=facts)
    return row
