"""A physician decided that another course may follow this one."""

from datetime import datetime

from backend.audit.record import record
from backend.db import require_transaction, save_changes
from backend.kernel.actor import Actor
from backend.prescriptions.models import Course
from backend.prescriptions.rules import COURSES
from backend.prescriptions.steps.lock_prescription import lock_course


def allow_next_course(course: Course, *, by: Actor, at: datetime) -> Course:
    """Open the door for the next course of the patient; the decision itself lives above.

    Raises NotAllowedFromHere (409) unless the course has ended.
    """
    require_transaction()
    course = lock_course(course.id)
    COURSES.check_move("allow_next", course.status)
    course.next_course_allowed_at = at
    save_changes(course, "next_course_allowed_at")
    record(COURSES["allow_next"].action, on=course, by=by, at=at)
    return course
