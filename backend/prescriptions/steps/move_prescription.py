"""What a pharmacy and the clock do to an issued prescription.

Each step takes the row that `lock_prescription` gave, asks the table, saves and records; the
service above checks the version, asks the rules and announces.
"""

from datetime import datetime

from backend.accounts.models import Pharmacy
from backend.audit.record import record
from backend.db import require_transaction, save_changes
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.prescriptions import events
from backend.prescriptions.models import Prescription
from backend.prescriptions.rules import PRESCRIPTIONS, PrescriptionStatus

S = PrescriptionStatus


def claim_prescription(
    row: Prescription, *, pharmacy: Pharmacy, lapses_at: datetime, by: Actor, at: datetime
) -> Prescription:
    """approved -> claimed by one pharmacy, until `lapses_at` (W-03)."""
    require_transaction()
    row.claimed_by, row.claim_lapses_at = pharmacy, lapses_at
    facts = {"pharmacy_id": pharmacy.ref}
    return _move(
        row, "claim", S.CLAIMED, "claimed_by", "claim_lapses_at", by=by, at=at, facts=facts
    )


def release_prescription(row: Prescription, *, by: Actor, at: datetime) -> Prescription:
    """claimed -> approved: open for any pharmacy again."""
    require_transaction()
    return _give_back(row, "release", by=by, at=at)


def lapse_claim(row: Prescription, *, by: Actor, at: datetime) -> Prescription:
    """claimed -> approved, because the claim's time is over (W-03)."""
    require_transaction()
    return _give_back(row, "lapse", by=by, at=at)


def reject_prescription(
    row: Prescription, *, reason_code: str, by: Actor, at: datetime
) -> Prescription:
    """claimed -> rejected: the pharmacy will not dispense it; the physician is told from above."""
    require_transaction()
    row.reject_reason = reason_code
    facts = {"reason": reason_code}
    return _move(row, "reject", S.REJECTED, "reject_reason", by=by, at=at, facts=facts)


def dispense_prescription(
    row: Prescription, *, complete: bool, by: Actor, at: datetime
) -> Prescription:
    """claimed or partially_dispensed -> partially_dispensed, or dispensed when `complete`."""
    require_transaction()
    to = S.DISPENSED if complete else S.PARTIALLY_DISPENSED
    return _move(row, "dispense", to, by=by, at=at, facts={"status": to.value})


def expire_prescription(row: Prescription, *, by: Actor, at: datetime) -> Prescription:
    """approved, claimed or partially_dispensed -> expired; announces it."""
    require_transaction()
    was = row.status
    facts = {"was": was, "valid_until": str(row.valid_until)}
    _move(row, "expire", S.EXPIRED, by=by, at=at, facts=facts)
    payload = {"prescription_id": row.ref, "patient_id": row.patient.ref, "was": was}
    emit(events.PRESCRIPTION_EXPIRED, at=at, payload=payload)
    return row


def _give_back(row: Prescription, verb: str, *, by: Actor, at: datetime) -> Prescription:
    facts = {"pharmacy_id": row.claimed_by.ref if row.claimed_by else ""}
    PRESCRIPTIONS.check_move(verb, row.status)
    row.claimed_by = row.claim_lapses_at = None
    return _move(row, verb, S.APPROVED, "claimed_by", "claim_lapses_at", by=by, at=at, facts=facts)


def _move(
    row: Prescription,
    verb: str,
    to: PrescriptionStatus,
    *fields: str,
    by: Actor,
    at: datetime,
    facts: dict[str, str],
) -> Prescription:
    require_transaction()
    PRESCRIPTIONS.check_move(verb, row.status)
    row.status = to.value
    save_changes(row, "status", *fields)
    record(PRESCRIPTIONS[verb].action, on=row, by=by, at=at, facts=facts)
    return row
