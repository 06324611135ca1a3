"""A halted course was resumed: follow the patient up again."""

from datetime import datetime
from uuid import UUID

from backend.db import service
from backend.followups.models import Plan
from backend.followups.steps.follow_course import follow_course
from backend.kernel.actor import Actor
from backend.prescriptions.steps.lock_prescription import lock_course


@service
def resume_plan(*, course_id: UUID, by: Actor, at: datetime) -> Plan | None:
    """Resume the plan of a course that runs again: check-ins ahead wait, past ones do not.

    A course that has not started yet is followed from its first hand-over (`start_plan`).
    """
    return follow_course(lock_course(course_id), by=by, at=at)
