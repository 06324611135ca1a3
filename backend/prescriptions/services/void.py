"""Void an issued prescription."""

from datetime import datetime
from uuid import UUID

from backend.db import check_version, service
from backend.kernel.actor import Actor
from backend.prescriptions.models import Prescription
from backend.prescriptions.rules import PRESCRIPTIONS, VoidReason
from backend.prescriptions.steps.lock_prescription import lock_prescription
from backend.prescriptions.steps.void_open import void_one


@service
def void_prescription(
    *,
    prescription_id: UUID,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Prescription:
    """Void an approved, claimed or partly dispensed prescription: it never comes back.

    Raises NotAllowedFromHere (409), Stale (412).
    """
    row = lock_prescription(prescription_id)
    PRESCRIPTIONS.check_move("void", row.status)
    check_version(row, expected_version)
    void_one(row, reason=VoidReason(reason), action="void", by=by, at=at)
    return row
