"""The medicine was handed over: follow the patient up."""

from datetime import datetime
from uuid import UUID

from backend.db import service
from backend.followups.models import Plan
from backend.followups.steps.follow_course import follow_course
from backend.kernel.actor import Actor
from backend.prescriptions.steps.lock_prescription import lock_course


@service
def start_plan(*, course_id: UUID, by: Actor, at: datetime) -> Plan | None:
    """Start the plan of a running course, or extend or resume the one there is.

    The same news twice, late or out of order changes nothing: only the course's present status
    counts. Returns None when there is nothing to follow.
    """
    return follow_course(lock_course(course_id), by=by, at=at)
