"""Compare the plans with the courses (hourly), and mend what the events may have missed."""

import structlog
from django.db.models import Q

from backend import clock
from backend.followups.rules import PlanStatus
from backend.followups.services.end_plan import end_plan
from backend.followups.services.start_plan import start_plan
from backend.followups.services.stop_plan import stop_plan
from backend.kernel.actor import Actor
from backend.prescriptions.models import Course
from backend.prescriptions.rules import CourseStatus

log = structlog.get_logger("followups")
_MENDS = (
    (CourseStatus.RUNNING, PlanStatus.ACTIVE, start_plan),
    (CourseStatus.ENDED, PlanStatus.CLOSING, end_plan),
)


def reconcile_plans(*, by: Actor) -> int:
    """Start, resume, stop or end each plan that does not fit its course; returns how many."""
    mended = 0
    courses = Course.objects.select_related("patient__test_clock")
    for status, fitting, mend in _MENDS:
        strays = courses.filter(status=status).filter(
            ~Q(plan__status=fitting) | Q(plan__isnull=True)
        )
        for course in strays:
            mend(course_id=course.id, by=by, at=clock.now(course.patient))
            log.warning("plan_mended", course=course.ref, to=fitting.value)
            mended += 1
    for course in courses.filter(status=CourseStatus.HALTED, plan__status=PlanStatus.ACTIVE):
        stop_plan(course_id=course.id, by=by, at=clock.now(course.patient))
        log.warning("plan_mended", course=course.ref, to=PlanStatus.STOPPED.value)
        mended += 1
    return mended
