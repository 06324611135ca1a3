"""Hand capsules over."""

from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from backend.clock import civil_day
from backend.db import check_version, refused_by, service
from backend.formulary.models import Lot
from backend.kernel.actor import Actor
from backend.kernel.errors import NotFound
from backend.outbox.emit import emit
from backend.pharmacy import events
from backend.pharmacy.counter import check_not_void, check_own_claim, check_window
from backend.pharmacy.errors import ExpiredBeforeHandOver, MoreThanRemaining, WrongLot
from backend.pharmacy.models import Dispense
from backend.pharmacy.rules import days_supplied
from backend.pharmacy.steps.ask_rules import ask_rules
from backend.prescriptions.models import Decision, Prescription
from backend.prescriptions.rules import PRESCRIPTIONS, CourseStatus
from backend.prescriptions.steps.lock_prescription import lock_prescription
from backend.prescriptions.steps.move_prescription import dispense_prescription
from backend.prescriptions.steps.start_course import start_course


@service
def dispense(
    *,
    prescription_id: UUID,
    capsules: int,
    identity_checked: bool,
    lot_id: UUID | None = None,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> Prescription:
    """One hand-over, the whole or a part; the attribute `handed_over` of the result is its row.

    The rules are asked again, for the day of hand-over (W-01). The first hand-over of a course
    starts it. Raises PrescriptionVoid, ExpiredBeforeHandOver, NotAllowedFromHere, ClaimLapsed,
    WrongLot, MoreThanRemaining, AwaitingPhysician, DispensingNotClear (409), Stale (412), and
    FactsChanged or FactsUnknown (409), which leave it void or on the worklist.
    """
    row = lock_prescription(prescription_id)
    check_not_void(row)
    check_window(row, at, ExpiredBeforeHandOver)
    PRESCRIPTIONS.check_move("dispense", row.status)
    check_own_claim(row, by.pharmacy_id, at)
    check_version(row, expected_version)
    remaining = row.capsules - row.dispensed_capsules
    if capsules > remaining:
        raise MoreThanRemaining(extra={"remaining_capsules": remaining})
    lot = _usable_lot(row, lot_id, capsules, at)
    decision = ask_rules(
        row, moment="hand_over", dispense=_facts(row, capsules, identity_checked), by=by, at=at
    )
    handed_over = _hand_over(row, capsules, lot=lot, decision=decision, by=by, at=at)
    dispense_prescription(row, complete=capsules == remaining, by=by, at=at)
    first = row.course.status == CourseStatus.NOT_STARTED
    if first:
        start_course(row.course, on=civil_day(at, row.patient.zone), by=by, at=at)
    _announce(row, handed_over, first=first, complete=capsules == remaining, at=at)
    row.handed_over = handed_over  # type: ignore[attr-defined]  # for the answer
    return row


def _usable_lot(row: Prescription, lot_id: UUID | None, capsules: int, at: datetime) -> Lot:
    """The lot to hand over: the prescribed one, or another of the same product and importer.

    It must be good until the last of these capsules is taken.
    """
    lot = row.lot
    if lot_id is not None and lot_id != lot.id:
        same = Lot.objects.filter(product_id=row.product_id, importer_id=lot.importer_id)
        found = same.filter(id=lot_id).first()
        if found is None:
            raise WrongLot()
        lot = found
    days = days_supplied(capsules, strength_mg=row.product.strength_mg, daily_mg=row.daily_mg)
    last_day = civil_day(at, row.patient.zone) + timedelta(days=ceil(days) - 1)
    if lot.status != "in_use" or not lot.lasts_through(last_day):
        raise WrongLot()
    return lot


def _facts(row: Prescription, capsules: int, identity_checked: bool) -> dict[str, object]:
    days = days_supplied(
        row.dispensed_capsules + capsules,
        strength_mg=row.product.strength_mg,
        daily_mg=row.daily_mg,
    )
    return {
        "identity_checked": identity_checked,
        "days_supplied": str(days),
        "already_dispensed": False,  # a complete one was refused by its status
    }


def _hand_over(
    row: Prescription, capsules: int, *, lot: Lot, decision: Decision, by: Actor, at: datetime
) -> Dispense:
    """The row of the ledger; the trigger counts it, PostgreSQL refuses one capsule too many."""
    if row.claimed_by is None:
        raise NotFound()
    with refused_by({"prescription_dispensed_within_capsules": MoreThanRemaining}):
        handed_over = Dispense.objects.create(
            prescription=row,
            patient=row.patient,
            pharmacy=row.claimed_by,
            decision=decision,
            lot=lot,
            fill_no=row.dispenses.count() + 1,
            capsules=capsules,
            handed_over_at=at,
            handed_over_by=by.label,
        )
    row.refresh_from_db(fields=["dispensed_capsules"])
    return handed_over


def _announce(
    row: Prescription, handed_over: Dispense, *, first: bool, complete: bool, at: datetime
) -> None:
    payload = {
        "dispense_id": handed_over.ref,
        "prescription_id": row.ref,
        "course_id": row.course.ref,
        "patient_id": row.patient.ref,
        "first": "true" if first else "false",
        "complete": "true" if complete else "false",
    }
    emit(events.DISPENSE_COMPLETED, at=at, payload=payload)
