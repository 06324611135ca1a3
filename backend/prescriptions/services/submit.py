"""Hand a draft in for review."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.prescriptions import events
from backend.prescriptions.clearing import require_open
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import assess_prescription
from backend.prescriptions.rules import PRESCRIPTIONS, PrescriptionStatus
from backend.prescriptions.steps.decide import decide
from backend.prescriptions.steps.lock_prescription import lock_prescription


@service
def submit_prescription(
    *, prescription_id: UUID, expected_version: int | None = None, by: Actor, at: datetime
) -> Prescription:
    """Put a draft on the worklist and keep what the rules say of it at this moment.

    What is not clear may be submitted: the reviewer sees why. Raises NotAllowedFromHere,
    CourseHalted, CourseNotOpen (409), Stale (412).
    """
    row = lock_prescription(prescription_id)
    PRESCRIPTIONS.check_move("submit", row.status)
    check_version(row, expected_version)
    require_open(row.course)
    assessment, case = assess_prescription(row, at=at)
    row.status, row.submitted_at = PrescriptionStatus.IN_REVIEW.value, at
    save_changes(row, "status", "submitted_at")
    decide(
        patient=row.patient,
        course=row.course,
        prescription=row,
        assessment=assessment,
        case=case,
        moment="submit",
        by=by,
        at=at,
    )
    facts = {"decision": assessment.decision.value}
    record(PRESCRIPTIONS["submit"].action, on=row, by=by, at=at, facts=facts)
    payload = {"prescription_id": row.ref, "patient_id": row.patient.ref}
    emit(events.PRESCRIPTION_SUBMITTED, at=at, payload=payload)
    return row
