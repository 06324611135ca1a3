"""A course was halted: ask and remind no more."""

from datetime import datetime
from uuid import UUID

from backend.db import service
from backend.followups.models import Plan
from backend.followups.steps.stop_plan import stop_plan_of
from backend.kernel.actor import Actor
from backend.prescriptions.steps.lock_prescription import lock_course


@service
def stop_plan(*, course_id: UUID, by: Actor, at: datetime) -> Plan | None:
    """Cancel what waits, if the course is halted at this moment; old news changes nothing."""
    return stop_plan_of(lock_course(course_id), by=by, at=at)
