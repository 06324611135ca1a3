"""Use case: the next piece of a file is written."""

from datetime import datetime
from uuid import UUID

from backend.auditor.models import AuditExportPart
from backend.auditor.rules import LEASE
from backend.auditor.sealed_parts import sealed
from backend.auditor.steps.hold_export import hold_export
from backend.db import service
from backend.kernel.actor import Actor


@service
def keep_part(
    *,
    export_id: UUID,
    epoch: int,
    number: int,
    data: bytes,
    by: Actor,  # noqa: ARG001 - every service says who acts; what is done is recorded at the end
    at: datetime,
) -> None:
    """Keep the bytes, sealed, and the lease for a while longer. Raises LeaseLost."""
    row = hold_export(export_id, epoch)
    row.lease_until = at + LEASE
    row.save(update_fields=["lease_until"])
    AuditExportPart.objects.create(export=row, number=number, sealed=sealed(row, number, data))
