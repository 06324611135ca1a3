"""Plan the rest of a course."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import service
from backend.kernel.actor import Actor
from backend.prescriptions.clearing import require_open
from backend.prescriptions.dose_plan import PlanForCourse, Wish, plan_for
from backend.prescriptions.models import Course
from backend.prescriptions.rules import COURSES


@service
def plan_dose(*, course_id: UUID, wish: Wish, by: Actor, at: datetime) -> PlanForCourse:
    """Capsules, supplies and the projected end for a target dose. Nothing of it is stored.

    The entry says that it was looked at, with the pack. Raises CourseHalted, CourseNotOpen (409),
    and what `plan_for` raises (422).
    """
    course = Course.objects.select_related("patient__clinic", "patient__test_clock").get(
        id=course_id
    )
    require_open(course)
    said = plan_for(course, wish, at=at)
    facts = {"pack_version": said.pack.version}
    record(COURSES["plan_dose"].action, on=course, by=by, at=at, facts=facts)
    return said
