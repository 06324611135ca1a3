"""What the counter asks of a locked prescription before any rule of the medicine."""

from datetime import date, datetime
from uuid import UUID

from backend.clock import civil_day
from backend.kernel.errors import NotFound, Refused
from backend.pharmacy.errors import AlreadyClaimed, ClaimLapsed, PrescriptionVoid
from backend.prescriptions.models import Prescription
from backend.prescriptions.rules import ISSUED, PrescriptionStatus

S = PrescriptionStatus


def check_window(row: Prescription, at: datetime, refusal: type[Refused]) -> None:
    """Raise `refusal` once the last day to hand over has passed where the patient lives."""
    if row.status == S.EXPIRED or (row.status in ISSUED and is_past_window(row, at)):
        raise refusal(extra={"valid_until": str(row.valid_until)})


def check_not_void(row: Prescription) -> None:
    """Raise PrescriptionVoid (409) for one that was taken back (W-07)."""
    if row.status == S.VOIDED:
        reason = row.void_reason
        raise PrescriptionVoid(extra={"status_now": row.status, "void_reason": reason})


def is_past_window(row: Prescription, at: datetime) -> bool:
    """Whether the patient's civil day is after the last day to hand over."""
    return civil_day(at, row.patient.zone) > last_day(row)


def last_day(row: Prescription) -> date:
    """The last civil day to hand over; every issued prescription has one."""
    if row.valid_until is None:
        raise ValueError("not issued")
    return row.valid_until


def is_lapsed(row: Prescription, at: datetime) -> bool:
    """Whether the claim is over (W-03). A prescription that was begun stays where it is."""
    return row.status == S.CLAIMED and row.claim_lapses_at is not None and row.claim_lapses_at <= at


def check_nobody_elses(row: Prescription, pharmacy_id: UUID, at: datetime) -> None:
    """Raise AlreadyClaimed (409) while another pharmacy's claim holds."""
    held = row.status in {S.CLAIMED, S.PARTIALLY_DISPENSED} and not is_lapsed(row, at)
    if held and row.claimed_by_id != pharmacy_id:
        lapses_at = row.claim_lapses_at.isoformat() if row.claim_lapses_at else None
        raise AlreadyClaimed(extra={"claim_lapses_at": lapses_at})


def check_own_claim(row: Prescription, pharmacy_id: UUID | None, at: datetime) -> None:
    """Raise NotFound when it is another's by now, ClaimLapsed (409) when its time is over."""
    if row.claimed_by_id != pharmacy_id:
        raise NotFound()
    if is_lapsed(row, at):
        raise ClaimLapsed()
