"""A course ends."""

from datetime import date, datetime
from uuid import UUID

from backend import clock
from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.prescriptions import events
from backend.prescriptions.errors import CourseNeverStarted, DayNotPossible
from backend.prescriptions.models import Course
from backend.prescriptions.rules import COURSES, CourseStatus, VoidReason
from backend.prescriptions.steps.lock_prescription import lock_course
from backend.prescriptions.steps.void_open import void_open_prescriptions


@service
def end_course(
    *,
    course_id: UUID,
    ended_on: date,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Course:
    """End a course on the civil day of its last dose, and void what is still open on it.

    Raises NotAllowedFromHere, CourseNeverStarted (409), Stale (412), DayNotPossible (422) for a
    day before the first dose or after today.
    """
    course = lock_course(course_id)
    COURSES.check_move("end", course.status)
    check_version(course, expected_version)
    if course.started_on is None:
        raise CourseNeverStarted()
    if not course.started_on <= ended_on <= clock.civil_day(at, course.patient.zone):
        raise DayNotPossible()
    void_open_prescriptions(course, reason=VoidReason.COURSE_ENDED, by=by, at=at)
    course.status = CourseStatus.ENDED.value
    course.ended_on, course.end_reason = ended_on, reason
    save_changes(course, "status", "ended_on", "end_reason")
    facts = {
        "ended_on": str(ended_on),
        "reason": reason,
        "dispensed_mg": str(course.dispensed_mg),
    }
    record(COURSES["end"].action, on=course, by=by, at=at, facts=facts)
    payload = {"course_id": course.ref, "patient_id": course.patient.ref, "reason": reason}
    emit(events.COURSE_ENDED, at=at, payload=payload)
    return course
