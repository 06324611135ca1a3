"""A halted course is not followed up any more, until it is resumed."""

from datetime import datetime

from backend.audit.record import record
from backend.db import require_transaction, save_changes
from backend.followups.models import Plan
from backend.followups.rules import PLANS, PlanStatus
from backend.followups.steps.cancel_waiting import cancel_waiting
from backend.kernel.actor import Actor
from backend.prescriptions.models import Course
from backend.prescriptions.rules import CourseStatus


def stop_plan_of(course: Course, *, by: Actor, at: datetime) -> Plan | None:
    """Stop the plan of a halted course; a plan that is stopped, or none, is left as it is.

    Call it under the course's lock. Returns the plan, if there is one.
    """
    require_transaction()
    plan = Plan.objects.select_related("patient").filter(course=course).first()
    if plan is None or course.status != CourseStatus.HALTED:
        return plan
    if plan.status in PLANS["stop"].start:
        cancelled = cancel_waiting(plan, by=by, at=at)
        plan.status = PlanStatus.STOPPED.value
        save_changes(plan, "status")
        facts = {"course_id": course.ref, "cancelled": str(cancelled)}
        record(PLANS["stop"].action, on=plan, by=by, at=at, facts=facts)
    return plan
