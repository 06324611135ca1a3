"""Decline a prescription."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.kernel.text import Text
from backend.outbox.emit import emit
from backend.prescriptions import events
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import assess_prescription, staff_of
from backend.prescriptions.rules import PRESCRIPTIONS, PrescriptionStatus
from backend.prescriptions.steps.decide import decide
from backend.prescriptions.steps.lock_prescription import lock_prescription


@dataclass(frozen=True, slots=True)
class Declining:
    """Why: a coded reason, and words for the patient."""

    reason: str
    patient_text: Text


@service
def decline_prescription(
    *,
    prescription_id: UUID,
    declining: Declining,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Prescription:
    """Decline for good, with what the rules say at this moment beside the physician's reason.

    Raises NotAllowedFromHere (409), Stale (412).
    """
    row = lock_prescription(prescription_id)
    PRESCRIPTIONS.check_move("decline", row.status)
    check_version(row, expected_version)
    assessment, case = assess_prescription(row, prescriber=staff_of(by), at=at)
    row.status = PrescriptionStatus.DECLINED.value
    row.decided_by_id, row.decided_at = by.user_id, at
    row.decline_reason = declining.reason
    row.decline_text_ja = declining.patient_text.ja
    row.decline_text_en = declining.patient_text.en
    save_changes(
        row,
        "status",
        "decided_by",
        "decided_at",
        "decline_reason",
        "decline_text_ja",
        "decline_text_en",
    )
    decision = decide(
        patient=row.patient,
        course=row.course,
        prescription=row,
        assessment=assessment,
        case=case,
        moment="decline",
        by=by,
        at=at,
    )
    facts = {"reason": declining.reason, "decision_id": decision.ref}
    record(PRESCRIPTIONS["decline"].action, on=row, by=by, at=at, facts=facts)
    payload = {
        "prescription_id": row.ref,
        "patient_id": row.patient.ref,
        "reason": declining.reason,
    }
    emit(events.PRESCRIPTION_DECLINED, at=at, payload=payload)
    return row
