"""Approve and sign a prescription."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from backend import clock
from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.prescriptions import events
from backend.prescriptions.clearing import require_clear, require_open, sign_offs_for
from backend.prescriptions.dosage import require_usable
from backend.prescriptions.errors import UrgentTaskOpen
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import assess_prescription, staff_of
from backend.prescriptions.rules import PRESCRIPTIONS, PrescriptionStatus
from backend.prescriptions.steps.decide import decide
from backend.prescriptions.steps.lock_prescription import lock_prescription
from backend.prescriptions.steps.sign import sign_prescription
from backend.prescriptions.window import last_day_to_dispense
from backend.protocol.case import Case
from backend.protocol.findings import Assessment
from backend.protocol.pack import load
from backend.worklist.queries import open_tasks
from backend.worklist.rules import Priority


@service
def approve_prescription(
    *, prescription_id: UUID, expected_version: int | None = None, by: Actor, at: datetime
) -> Prescription:
    """Approve, date, keep the decision, sign and announce; or change nothing at all.

    The rules are asked again, at this moment, with `by` as the prescriber. Raises
    NotAllowedFromHere, CourseHalted, CourseNotOpen (409), UrgentTaskOpen (409: reach the patient
    first), Stale (412), LotNotUsable (422), and NotClear (422) unless clear, or every
    senior finding is signed off by another physician.
    """
    row = lock_prescription(prescription_id)
    PRESCRIPTIONS.check_move("approve", row.status)
    check_version(row, expected_version)
    require_open(row.course)
    if open_tasks(row.patient).filter(priority=Priority.URGENT).exists():
        raise UrgentTaskOpen()
    prescriber = staff_of(by)
    assessment, case = assess_prescription(row, prescriber=prescriber, at=at)
    require_clear(assessment, sign_offs_for(row, approver_id=by.user_id))
    _issue(row, assessment, case, by=by, at=at)
    decision = decide(
        patient=row.patient,
        course=row.course,
        prescription=row,
        assessment=assessment,
        case=case,
        moment="approve",
        by=by,
        at=at,
    )
    signature = sign_prescription(row, decision=decision, prescriber=prescriber, at=at)
    facts = {
        "decision_id": decision.ref,
        "signature_id": signature.ref,
        "key_id": signature.key.key_id,
        "pack_version": decision.pack_version,
    }
    record(PRESCRIPTIONS["approve"].action, on=row, by=by, at=at, facts=facts)
    payload = {
        "prescription_id": row.ref,
        "patient_id": row.patient.ref,
        "course_id": row.course.ref,
    }
    emit(events.PRESCRIPTION_APPROVED, at=at, payload=payload)
    return row


def _issue(
    row: Prescription, assessment: Assessment, case: Case, *, by: Actor, at: datetime
) -> None:
    """Approve the locked row, issued today where the patient lives, until its window closes."""
    today = clock.civil_day(at, row.patient.zone)
    require_usable(row.lot, product_id=row.product_id, days=row.days, today=today)
    issued = replace(case, prescription=replace(case.prescription, issued_on=today))
    row.status = PrescriptionStatus.APPROVED.value
    row.decided_by_id, row.decided_at = by.user_id, at
    row.issued_on = today
    row.valid_until = last_day_to_dispense(issued, load(assessment.pack))
    save_changes(row, "status", "decided_by", "decided_at", "issued_on", "valid_until")
