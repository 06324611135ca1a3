"""Lock a prescription in the one order that everybody keeps: its course first."""

from uuid import UUID

from backend.db import require_transaction
from backend.prescriptions.models import Course, Prescription


def lock_course(course_id: UUID) -> Course:
    """The course, locked until the transaction ends. Halting, approving, dispensing queue here."""
    require_transaction()
    return (
        Course.objects.select_for_update(of=("self",))
        .select_related("patient__clinic", "patient__test_clock")
        .get(id=course_id)
    )


def lock_prescription(prescription_id: UUID) -> Prescription:
    """The prescription and its course, both locked, the course first; `.course` is that row."""
    require_transaction()
    course_id = Prescription.objects.values_list("course_id", flat=True).get(id=prescription_id)
    course = lock_course(course_id)
    row = (
        Prescription.objects.select_for_update(of=("self",))
        .select_related("product", "lot__importer", "visit", "created_by", "decided_by")
        .get(id=prescription_id)
    )
    row.course, row.patient = course, course.patient
    row.visit.patient = course.patient
    return row
