"""Plan a course for a patient."""

from datetime import datetime
from uuid import UUID

from backend.accounts.models import Patient
from backend.audit.record import record
from backend.db import lock_for, refused_by, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.prescriptions import events
from backend.prescriptions.errors import CourseAlreadyOpen, NextCourseNotAllowed
from backend.prescriptions.models import Course
from backend.prescriptions.queries import staff_of
from backend.prescriptions.rules import COURSES, OPEN_COURSE, CourseStatus


@service
def create_course(
    *, patient_id: UUID, indication: str | None = None, by: Actor, at: datetime
) -> Course:
    """Open the patient's next course; its number counts the courses that ended before.

    Raises CourseAlreadyOpen (409); NextCourseNotAllowed (409) for a second or later course that
    no decision allows.
    """
    lock_for(f"course:{patient_id}")
    patient = Patient.objects.select_related("clinic", "test_clock").get(id=patient_id)
    if Course.objects.filter(patient=patient, status__in=OPEN_COURSE).exists():
        raise CourseAlreadyOpen()
    course = Course(
        patient=patient,
        number=_next_number(patient),
        indication=indication,
        created_by_id=staff_of(by).user_id,
        created_at=at,
    )
    with refused_by({"course_one_open_per_patient": CourseAlreadyOpen}):
        course.save(force_insert=True)
    facts = {"number": str(course.number)}
    record(COURSES["create"].action, on=course, by=by, at=at, facts=facts)
    payload = {"course_id": course.ref, "patient_id": patient.ref}
    emit(events.COURSE_CREATED, at=at, payload=payload)
    return course


def _next_number(patient: Patient) -> int:
    ended = Course.objects.filter(patient=patient, status=CourseStatus.ENDED)
    last = ended.order_by("-number").first()
    if last is None:
        return 1
    if last.next_course_allowed_at is None:
        raise NextCourseNotAllowed()
    return last.number + 1
