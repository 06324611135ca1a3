"""Take a lot out of use."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.formulary import events
from backend.formulary.models import Lot
from backend.formulary.rules import LOTS, LotStatus
from backend.kernel.actor import Actor
from backend.outbox.emit import emit


@service
def recall_lot(
    *, lot_id: UUID, reason: str, expected_version: int | None = None, by: Actor, at: datetime
) -> Lot:
    """Recall a lot for good: nothing is prescribed or handed over from it any more.

    Raises NotAllowedFromHere (409) for a lot that is recalled already, Stale (412).
    """
    lot = (
        Lot.objects.select_for_update(of=("self",))
        .select_related("product", "importer")
        .get(id=lot_id)
    )
    LOTS.check_move("recall", lot.status)
    check_version(lot, expected_version)
    lot.status, lot.recalled_at, lot.recall_reason = LotStatus.RECALLED.value, at, reason
    save_changes(lot, "status", "recalled_at", "recall_reason")
    record(LOTS["recall"].action, on=lot, by=by, at=at)
    emit(events.LOT_RECALLED, at=at, payload={"lot_id": lot.ref, "product_id": lot.product.ref})
    return lot
