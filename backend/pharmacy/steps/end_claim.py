"""A claim whose time is over."""

from datetime import datetime

from backend.db import require_transaction
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.pharmacy import events
from backend.prescriptions.models import Prescription
from backend.prescriptions.steps.move_prescription import lapse_claim


def end_claim(row: Prescription, *, by: Actor, at: datetime) -> Prescription:
    """Open a locked, claimed prescription again and tell the pharmacy that had it (W-03)."""
    require_transaction()
    pharmacy = row.claimed_by
    lapse_claim(row, by=by, at=at)
    payload = {
        "prescription_id": row.ref,
        "patient_id": row.patient.ref,
        "pharmacy_id": pharmacy.ref if pharmacy else "",
    }
    emit(events.CLAIM_LAPSED, at=at, payload=payload)
    return row
