"""Claim a prescription for one pharmacy."""

from datetime import datetime
from uuid import UUID

from backend.accounts.models import Pharmacy
from backend.db import check_version, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.pharmacy import events
from backend.pharmacy.counter import check_nobody_elses, check_window, is_lapsed, last_day
from backend.pharmacy.errors import ClaimedTooLate
from backend.pharmacy.rules import claim_lapses_at
from backend.pharmacy.steps.ask_rules import ask_rules
from backend.pharmacy.steps.end_claim import end_claim
from backend.prescriptions.models import Prescription
from backend.prescriptions.rules import PRESCRIPTIONS
from backend.prescriptions.steps.lock_prescription import lock_prescription
from backend.prescriptions.steps.move_prescription import claim_prescription


@service
def claim(
    *,
    prescription_id: UUID,
    pharmacy_id: UUID,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> Prescription:
    """Claimed for 24 hours or to the end of its last day (W-03); the rules are asked (W-01).

    A claim that has lapsed is taken over. Raises ClaimedTooLate (410), AlreadyClaimed,
    NotAllowedFromHere, AwaitingPhysician, DispensingNotClear (409), Stale (412), and FactsChanged
    or FactsUnknown (409), which leave it void or on the worklist.
    """
    row = lock_prescription(prescription_id)
    check_window(row, at, ClaimedTooLate)
    check_nobody_elses(row, pharmacy_id, at)
    lapsed = is_lapsed(row, at)
    if not lapsed:
        PRESCRIPTIONS.check_move("claim", row.status)
    check_version(row, expected_version)
    if lapsed:
        end_claim(row, by=by, at=at)
    ask_rules(row, moment="claim", dispense={"already_dispensed": False}, by=by, at=at)
    pharmacy = Pharmacy.objects.get(id=pharmacy_id)
    until = claim_lapses_at(at, valid_until=last_day(row), zone=row.patient.zone)
    claim_prescription(row, pharmacy=pharmacy, lapses_at=until, by=by, at=at)
    payload = {
        "prescription_id": row.ref,
        "patient_id": row.patient.ref,
        "pharmacy_id": pharmacy.ref,
    }
    emit(events.PRESCRIPTION_CLAIMED, at=at, payload=payload)
    return row
