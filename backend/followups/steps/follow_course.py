"""A running course has an active plan with the rows that it needs."""

from datetime import datetime

from django.db.models import F

from backend.audit.record import record
from backend.clock import civil_day
from backend.db import require_transaction, save_changes
from backend.followups.models import FollowUp, Plan
from backend.followups.queries import plan_of
from backend.followups.rules import FOLLOW_UPS, PLANS, FollowUpKind, FollowUpStatus, PlanStatus
from backend.followups.steps.write_rows import write_check_ins
from backend.followups.template import template_for
from backend.kernel.actor import Actor
from backend.prescriptions.models import Course
from backend.prescriptions.rules import CourseStatus


def follow_course(course: Course, *, by: Actor, at: datetime) -> Plan | None:
    """Start, resume or extend the plan of a running course; nothing for any other course.

    Call it under the course's lock. However often it is called, each step has one row.
    """
    require_transaction()
    plan = plan_of(course)
    if course.status != CourseStatus.RUNNING:
        return plan
    if plan is None:
        plan = begin_plan(course, by=by, at=at)
    if plan.status in PLANS["resume"].start:
        _resume(plan, by=by, at=at)
    if plan.status == PlanStatus.ACTIVE:
        write_check_ins(plan, course, by=by, at=at)
    return plan


def begin_plan(course: Course, *, by: Actor, at: datetime) -> Plan:
    """A new plan by the template of the clinic's programme, its rows not yet written."""
    require_transaction()
    chosen = template_for(course.patient.clinic.programme)
    plan = Plan.objects.create(
        patient=course.patient,
        course=course,
        template=chosen.id,
        template_version=chosen.version,
        created_at=at,
    )
    facts = {"course_id": course.ref, "template": f"{chosen.id}.{chosen.version}"}
    record(PLANS["start"].action, on=plan, by=by, at=at, facts=facts)
    return plan


def _resume(plan: Plan, *, by: Actor, at: datetime) -> None:
    """Check-ins that lie ahead wait again; what fell into the halt stays cancelled."""
    today = civil_day(at, plan.patient.zone)
    restored = FollowUp.objects.filter(
        plan=plan,
        kind=FollowUpKind.CHECK_IN.value,
        status__in=FOLLOW_UPS["restore"].start,
        local_date__gt=today,
    ).update(status=FollowUpStatus.PENDING.value, epoch=F("epoch") + 1, version=F("version") + 1)
    plan.status = PlanStatus.ACTIVE.value
    save_changes(plan, "status")
    facts = {"restored": str(restored)}
    record(PLANS["resume"].action, on=plan, by=by, at=at, facts=facts)
