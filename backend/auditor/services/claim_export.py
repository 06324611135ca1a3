"""Use case: a worker takes an export to build."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from backend.audit.record import record
from backend.auditor.models import AuditExport
from backend.auditor.rules import AUDIT_EXPORTS, LEASE, MOST_TRIES, ExportStatus
from backend.db import save_changes, service
from backend.kernel.actor import Actor

GAVE_UP = "gave_up"


@service
def claim_export(*, export_id: UUID | None = None, by: Actor, at: datetime) -> AuditExport | None:
    """This export, or any that waits or was abandoned, on a lease; None where there is none.

    What was tried three times in vain has failed for good.
    """
    waits = Q(status=ExportStatus.REQUESTED) | Q(status=ExportStatus.BUILDING, lease_until__lte=at)
    rows = AuditExport.objects.select_for_update(of=("self",), skip_locked=True).filter(waits)
    if export_id is not None:
        rows = rows.filter(id=export_id)
    row = rows.order_by("id").first()
    if row is None:
        return None
    AUDIT_EXPORTS.check_move("build", row.status)
    row.parts.all().delete()  # of a try that was abandoned
    if row.epoch >= MOST_TRIES:
        row.status, row.lease_until, row.failure = ExportStatus.FAILED, None, GAVE_UP
        save_changes(row, "status", "lease_until", "failure")
        record(AUDIT_EXPORTS["fail"].action, on=row, by=by, at=at, facts={"code": GAVE_UP})
        return None
    row.status, row.lease_until = ExportStatus.BUILDING, at + LEASE
    row.epoch += 1
    save_changes(row, "status", "lease_until", "epoch")
    facts = {"try": str(row.epoch)}
    record(AUDIT_EXPORTS["build"].action, on=row, by=by, at=at, facts=facts)
    return row
