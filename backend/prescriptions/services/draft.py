"""Draft a prescription."""

from datetime import datetime
from uuid import UUID

from backend import clock
from backend.audit.record import record
from backend.db import refused_by, service
from backend.kernel.actor import Actor
from backend.prescriptions.clearing import require_open
from backend.prescriptions.dosage import Content, fill
from backend.prescriptions.errors import PrescriptionAlreadyOpen
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import staff_of
from backend.prescriptions.rules import PRESCRIPTIONS
from backend.prescriptions.steps.lock_prescription import lock_course


@service
def draft_prescription(
    *, course_id: UUID, content: Content, by: Actor, at: datetime
) -> Prescription:
    """Draft a prescription on an open course; the capsules are counted here.

    Raises CourseHalted, CourseNotOpen, PrescriptionAlreadyOpen (409), Invalid (400) for ids that
    the physician cannot see, LotNotUsable and CapsulesNotWhole (422).
    """
    course = lock_course(course_id)
    require_open(course)
    row = Prescription(
        patient=course.patient,
        clinic_id=course.patient.clinic_id,
        course=course,
        created_by_id=staff_of(by).user_id,
        created_at=at,
    )
    fill(row, content, today=clock.civil_day(at, course.patient.zone), by=by)
    with refused_by({"prescription_one_open_per_course": PrescriptionAlreadyOpen}):
        row.save(force_insert=True)
    facts = {"lot_id": row.lot.ref, "daily_mg": str(row.daily_mg), "days": str(row.days)}
    record(PRESCRIPTIONS["draft"].action, on=row, by=by, at=at, facts=facts)
    return row
