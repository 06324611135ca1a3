"""A physician stops a course."""

from datetime import datetime
from uuid import UUID

from backend.db import check_version, service
from backend.kernel.actor import Actor
from backend.prescriptions.models import Course
from backend.prescriptions.rules import COURSES
from backend.prescriptions.steps.halt_course import halt_course
from backend.prescriptions.steps.lock_prescription import lock_course


@service
def halt(
    *,
    course_id: UUID,
    reason_code: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Course:
    """Halt the course and void what is open on it.

    Raises NotAllowedFromHere (409) unless it is planned or running, Stale (412).
    """
    course = lock_course(course_id)
    COURSES.check_move("halt", course.status)
    check_version(course, expected_version)
    return halt_course(course, reason_code=reason_code, by=by, at=at)
