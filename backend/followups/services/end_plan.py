"""A course ended: the last check, the way to a second course, the look for a relapse."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import save_changes, service
from backend.followups.models import Plan
from backend.followups.queries import plan_of
from backend.followups.rules import PLANS, PlanStatus
from backend.followups.steps.cancel_waiting import cancel_waiting
from backend.followups.steps.follow_course import begin_plan
from backend.followups.steps.write_rows import write_closing
from backend.kernel.actor import Actor
from backend.prescriptions.rules import CourseStatus
from backend.prescriptions.steps.lock_prescription import lock_course
from backend.rulebook.queries import in_force_for


@service
def end_plan(*, course_id: UUID, by: Actor, at: datetime) -> Plan | None:
    """Cancel the check-ins that wait and write the steps after the end (T-08 to T-10).

    A course without a plan gets one, since news may come out of order; a course that has not
    ended is left alone. Raises NoSuchPack when no pack is in force.
    """
    course = lock_course(course_id)
    plan = plan_of(course)
    if course.status != CourseStatus.ENDED or course.ended_on is None:
        return plan
    if plan is None:
        plan = begin_plan(course, by=by, at=at)
    if plan.status in PLANS["end"].start:
        cancelled = cancel_waiting(plan, by=by, at=at)
        pack, _ = in_force_for(course.patient, at=at)
        write_closing(plan, course.ended_on, pack=pack)
        plan.status = PlanStatus.CLOSING.value
        save_changes(plan, "status")
        facts = {"course_id": course.ref, "cancelled": str(cancelled)}
        record(PLANS["end"].action, on=plan, by=by, at=at, facts=facts)
    return plan
