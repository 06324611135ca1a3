"""Lock an export that a worker builds, if it is still that worker's."""

from uuid import UUID

from backend.auditor.models import AuditExport
from backend.auditor.rules import ExportStatus
from backend.db import require_transaction
from backend.kernel.errors import LeaseLost


def hold_export(export_id: UUID, epoch: int) -> AuditExport:
    """The locked row. Raises LeaseLost where another worker has it, or it is over."""
    require_transaction()
    rows = AuditExport.objects.select_for_update(of=("self",))
    row = rows.filter(id=export_id, epoch=epoch, status=ExportStatus.BUILDING).first()
    if row is None:
        raise LeaseLost()
    return row
