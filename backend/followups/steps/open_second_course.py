"""From now on a second course can be decided (T-20)."""

from datetime import datetime, timedelta

from backend.db import require_transaction
from backend.followups import events
from backend.followups.models import FollowUp
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.prescriptions.models import Course
from backend.prescriptions.rules import CourseStatus
from backend.worklist.rules import Priority, TaskKind
from backend.worklist.steps.open_task import open_task

DECIDE_WITHIN = timedelta(days=14)  # DESIGN; clinic may configure


def open_second_course(row: FollowUp, course: Course, *, by: Actor, at: datetime) -> str:
    """Put the decision on the physicians' worklist; returns the verb for the row."""
    require_transaction()
    if course.status != CourseStatus.ENDED:
        return "cancel"
    open_task(
        patient=row.patient,
        kind=TaskKind.SECOND_COURSE_DECISION,
        priority=Priority.NORMAL,
        due_at=at + DECIDE_WITHIN,
        about_ref=course.ref,
        blocks_release=False,
        by=by,
        at=at,
    )
    payload = {"course_id": course.ref, "patient_id": row.patient.ref}
    emit(events.SECOND_COURSE_OPENED, at=at, payload=payload)
    return "finish"
