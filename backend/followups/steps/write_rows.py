"""Write rows of the due table that are not there yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from backend.audit.record import record
from backend.clock import civil_day
from backend.db import require_transaction
from backend.followups.local_time import instant_of
from backend.followups.models import FollowUp, Plan
from backend.followups.rules import PLANS, FollowUpKind
from backend.followups.template import (
    PlanTemplate,
    closing_on,
    second_course_opens_on,
    template,
)
from backend.kernel.actor import Actor
from backend.prescriptions.models import Course
from backend.protocol.days import add_days, months_after
from backend.protocol.pack import Pack


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan: what, which, on which civil day, by which rules."""

    kind: FollowUpKind
    occurrence: int
    on: date
    rule_version: str


def write_check_ins(plan: Plan, course: Course, *, by: Actor, at: datetime) -> int:
    """The check-ins of a running course up to the template's horizon; returns how many are new.

    Call it under the course's lock.
    """
    require_transaction()
    chosen = template(plan.template)
    started_on = course.started_on
    if started_on is None:
        return 0
    horizon = (civil_day(at, plan.patient.zone) - started_on).days + chosen.ahead_days
    new = write_steps(
        plan,
        chosen,
        (
            Step(FollowUpKind.CHECK_IN, day, add_days(started_on, day), _version(chosen))
            for day in chosen.check_in_days(horizon)
        ),
    )
    if new:
        record(PLANS["extend"].action, on=plan, by=by, at=at, facts={"new": str(new)})
    return new


def write_closing(plan: Plan, ended_on: date, *, pack: Pack) -> int:
    """What follows the end of a course: T-08, T-09, T-10."""
    require_transaction()
    chosen = template(plan.template)
    kind = FollowUpKind
    steps = [
        Step(kind.CLOSING_CHECK, 1, closing_on(ended_on, pack), pack.version),
        Step(kind.SECOND_COURSE_OPENS, 1, second_course_opens_on(ended_on, pack), pack.version),
        *(
            Step(kind.RELAPSE_CHECK, month, months_after(ended_on, month), _version(chosen))
            for month in chosen.relapse_check_months
        ),
    ]
    return write_steps(plan, chosen, steps)


def write_ladder(opened_by: FollowUp, *, at: datetime) -> int:
    """What happens when a check-in stays unanswered: a reminder, then a person (feature 62)."""
    require_transaction()
    plan = opened_by.plan
    chosen = template(plan.template)
    today = civil_day(at, plan.patient.zone)
    days = {"reminder": chosen.remind_after_days, "missed": chosen.missed_after_days}
    steps = [
        Step(
            FollowUpKind(f"{opened_by.kind}_{rung}"),
            opened_by.occurrence,
            add_days(today, after),
            _version(chosen),
        )
        for rung, after in days.items()
    ]
    return write_steps(plan, chosen, steps, opened_by=opened_by)


def write_steps(
    plan: Plan, chosen: PlanTemplate, steps: Iterable[Step], *, opened_by: FollowUp | None = None
) -> int:
    """Write the steps that the plan lacks; each has one row for ever, whatever became of it."""
    require_transaction()
    there = set(plan.follow_ups.values_list("kind", "occurrence"))
    zone = plan.patient.zone
    rows = [
        FollowUp(
            plan=plan,
            patient=plan.patient,
            kind=step.kind.value,
            occurrence=step.occurrence,
            local_date=step.on,
            local_time=chosen.local_time,
            zone=zone,
            due_at=instant_of(step.on, chosen.local_time, zone),
            rule_version=step.rule_version,
            opened_by=opened_by,
        )
        for step in steps
        if (step.kind.value, step.occurrence) not in there
    ]
    FollowUp.objects.bulk_create(rows)
    return len(rows)


def _version(chosen: PlanTemplate) -> str:
    return f"{chosen.id}.{chosen.version}"
