"""Use case: a pharmacy stops dispensing for the clinic."""

from datetime import datetime
from uuid import UUID

from backend.accounts import events
from backend.accounts.models import Pharmacy
from backend.accounts.rules import PHARMACIES
from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit


@service
def deactivate_pharmacy(
    *, pharmacy_id: UUID, by: Actor, at: datetime, expected_version: int | None = None
) -> Pharmacy:
    """The pharmacy, whose keys are good for nothing from this commit on.

    Raises NotAllowedFromHere (409).
    """
    pharmacy = (
        Pharmacy.objects.select_for_update(of=("self",))
        .select_related("clinic")
        .get(id=pharmacy_id)
    )
    PHARMACIES.check_move("deactivate", pharmacy.status)
    check_version(pharmacy, expected_version)

    pharmacy.deactivated_at = at
    save_changes(pharmacy, "deactivated_at")

    record(PHARMACIES["deactivate"].action, on=pharmacy, by=by, at=at)
    payload = {"pharmacy_id": pharmacy.ref, "clinic_id": pharmacy.clinic.ref}
    emit(events.PHARMACY_DEACTIVATED, at=at, payload=payload)
    return pharmacy
