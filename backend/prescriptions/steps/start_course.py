"""The first dose is in the patient's hands."""

from datetime import date, datetime

from backend.audit.record import record
from backend.db import require_transaction, save_changes
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.prescriptions import events
from backend.prescriptions.models import Course
from backend.prescriptions.rules import COURSES, CourseStatus
from backend.prescriptions.steps.lock_prescription import lock_course


def start_course(course: Course, *, on: date, by: Actor, at: datetime) -> Course:
    """Let a planned course run from the civil day `on`; one that runs already stays as it is.

    Raises NotAllowedFromHere (409) for a course that is halted, ended or cancelled.
    """
    require_transaction()
    course = lock_course(course.id)
    if course.status == CourseStatus.RUNNING:
        return course
    COURSES.check_move("start", course.status)
    course.status, course.started_on = CourseStatus.RUNNING.value, on
    save_changes(course, "status", "started_on")
    facts = {"started_on": str(on)}
    record(COURSES["start"].action, on=course, by=by, at=at, facts=facts)
    payload = {"course_id": course.ref, "patient_id": course.patient.ref}
    emit(events.COURSE_STARTED, at=at, payload=payload)
    return course
