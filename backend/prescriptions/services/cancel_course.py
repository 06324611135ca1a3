"""A course is given up before its first dose."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.prescriptions import events
from backend.prescriptions.errors import CourseWasStarted
from backend.prescriptions.models import Course
from backend.prescriptions.rules import COURSES, CourseStatus, VoidReason
from backend.prescriptions.steps.lock_prescription import lock_course
from backend.prescriptions.steps.void_open import void_open_prescriptions


@service
def cancel_course(
    *, course_id: UUID, expected_version: int | None = None, by: Actor, at: datetime
) -> Course:
    """Cancel a course that never started, and void what is open on it.

    Raises NotAllowedFromHere, CourseWasStarted (409), Stale (412).
    """
    course = lock_course(course_id)
    COURSES.check_move("cancel", course.status)
    check_version(course, expected_version)
    if course.started_on is not None:
        raise CourseWasStarted()
    void_open_prescriptions(course, reason=VoidReason.COURSE_CANCELLED, by=by, at=at)
    course.status = CourseStatus.CANCELLED.value
    save_changes(course, "status")
    record(COURSES["cancel"].action, on=course, by=by, at=at)
    payload = {"course_id": course.ref, "patient_id": course.patient.ref}
    emit(events.COURSE_CANCELLED, at=at, payload=payload)
    return course
