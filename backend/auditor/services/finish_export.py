"""Use case: the sealer has answered, and the file is whole."""

from datetime import datetime, timedelta
from uuid import UUID

from backend.audit.export.bundle import signed_tail
from backend.audit.record import record
from backend.auditor import events
from backend.auditor.models import AuditExport
from backend.auditor.rules import AUDIT_EXPORTS, KEPT_FOR, ExportStatus
from backend.auditor.sealed_parts import opened, sealed
from backend.db import save_changes, service
from backend.kernel.actor import Actor
from backend.kernel.ids import public_id
from backend.outbox.emit import emit

NOT_SIGNED = "not_signed"
SIGNED_WITHIN = timedelta(hours=1)


@service
def finish_export(*, export_id: UUID, by: Actor, at: datetime) -> AuditExport | None:
    """The export, ready for seven days; or failed, if the sealer said no, or nothing for an hour.

    None where it has not answered yet, or somebody else was faster.
    """
    rows = AuditExport.objects.select_for_update(of=("self",), skip_locked=True)
    waiting = rows.select_related("manifest").filter(status=ExportStatus.SIGNING)
    row = waiting.filter(id=export_id).first()
    if row is None or row.manifest is None:
        return None
    is_late = row.manifest.note is None and row.manifest.asked_at + SIGNED_WITHIN <= at
    if row.manifest.refusal is not None or is_late:
        return _refused(row, by, at)
    if row.manifest.note is None:
        return None
    _sign(row, row.manifest.note)
    row.status, row.ready_at, row.expires_at = ExportStatus.READY, at, at + KEPT_FOR
    save_changes(row, "status", "ready_at", "expires_at", "size_bytes")
    record(AUDIT_EXPORTS["finish"].action, on=row, by=by, at=at)
    payload = {"audit_export_id": row.ref, "clinic_id": public_id("cl", row.clinic_id)}
    emit(events.EXPORT_READY, at=at, payload=payload)
    return row


def _sign(row: AuditExport, note: str) -> None:
    """Add the signature at the end of the last piece."""
    last = row.parts.order_by("-number")[0]
    end = opened(row, last.number, bytes(last.sealed))
    begin = (row.size_bytes or 0) - len(end)
    end = signed_tail(end, begin, note, at=row.requested_at)
    last.sealed = sealed(row, last.number, end)
    last.save(update_fields=["sealed"])
    row.size_bytes = begin + len(end)


def _refused(row: AuditExport, by: Actor, at: datetime) -> AuditExport:
    row.parts.all().delete()
    row.status, row.failure = ExportStatus.FAILED, NOT_SIGNED
    save_changes(row, "status", "failure")
    record(AUDIT_EXPORTS["fail"].action, on=row, by=by, at=at, facts={"code": NOT_SIGNED})
    return row
