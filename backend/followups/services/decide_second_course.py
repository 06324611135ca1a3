"""A physician decides whether a course may be followed by another."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from backend.accounts.queries import user_of
from backend.audit.record import record
from backend.db import refused_by, service
from backend.followups import events
from backend.followups.errors import (
    AlreadyOffered,
    CourseNotEnded,
    SecondCourseNotAllowed,
    SecondCourseNotOpen,
    SeniorRequired,
)
from backend.followups.models import SecondCourseDecision
from backend.followups.rules import SECOND_COURSES, SecondCourseStatus
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.prescriptions.facts import of_previous
from backend.prescriptions.models import Course
from backend.prescriptions.queries import assess_now, facts_for
from backend.prescriptions.rules import CourseStatus
from backend.prescriptions.steps.allow_next_course import allow_next_course
from backend.prescriptions.steps.decide import decide
from backend.prescriptions.steps.lock_prescription import lock_course
from backend.protocol.findings import Assessment, Decision
from backend.records.queries import facts_about
from backend.worklist.queries import open_tasks_about
from backend.worklist.rules import TaskKind, TaskOutcome
from backend.worklist.steps.settle_task import settle_task


@service
def decide_second_course(
    *,
    course_id: UUID,
    decision: str,
    iga: int,
    scarring: bool,
    reason: str,
    by: Actor,
    at: datetime,
) -> SecondCourseDecision:
    """Offer another course after this one, or decline it, with the first one's cumulative dose.

    `decision`: `offer` or `decline`; `iga` and `scarring` as seen today (T-21). An offer stands
    only on a clear assessment, or on a senior one by a senior physician, and opens the way to a
    new intake. A patient who was declined may be seen again; an offer is made once. Raises
    CourseNotEnded, AlreadyOffered, SecondCourseNotOpen (409), SecondCourseNotAllowed,
    SeniorRequired (422).
    """
    course = lock_course(course_id)
    if course.status != CourseStatus.ENDED:
        raise CourseNotEnded()
    offered = SecondCourseDecision.objects.filter(course=course, status=SecondCourseStatus.OFFERED)
    if offered.exists():
        raise AlreadyOffered()
    facts, previous = _facts(course, iga=iga, scarring=scarring, at=at)
    assessment, case = assess_now(facts, "second_course", course.patient, at)
    _check_open(assessment)
    status = SecondCourseStatus.OFFERED if decision == "offer" else SecondCourseStatus.DECLINED
    if status is SecondCourseStatus.OFFERED:
        _check_offer(assessment, by)
    decide(
        patient=course.patient,
        assessment=assessment,
        case=case,
        moment="second_course",
        course=course,
        by=by,
        at=at,
    )
    row = SecondCourseDecision(
        patient=course.patient,
        course=course,
        status=status.value,
        iga=iga,
        scarring=scarring,
        reason=reason,
        cumulative_mg=course.dispensed_mg,
        cumulative_mg_per_kg=_decimal(previous.get("dispensed_mg_per_kg")),
        decision=assessment.decision.value,
        findings=[finding.as_json() for finding in assessment.findings],
        pack=assessment.pack,
        pack_version=assessment.pack_version,
        decided_by=user_of(by),
        decided_at=at,
    )
    return _keep(row, course, by=by, at=at)


def _facts(
    course: Course, *, iga: int, scarring: bool, at: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the rules see: the course asked for is the next one, this one is `previous`."""
    weights = facts_about(course.patient, at=at).get("patient", {}).get("weights", [])
    previous = of_previous(course, weights)
    seen = {
        "number": course.number + 1,
        "iga": iga,
        "scarring": scarring,
        "previous": previous,
    }
    return facts_for(course=course, at=at, extra={"course": seen}), previous


def _check_open(assessment: Assessment) -> None:
    """Raise SecondCourseNotOpen while the time off is too short or unknown (T-20)."""
    early = [finding.as_json() for finding in assessment.of("T-20")]
    if early:
        raise SecondCourseNotOpen(extra={"findings": early})


def _check_offer(assessment: Assessment, by: Actor) -> None:
    shown = {
        "decision": assessment.decision.value,
        "findings": [finding.as_json() for finding in assessment.findings],
    }
    if assessment.decision.rank > Decision.SENIOR.rank:
        raise SecondCourseNotAllowed(extra=shown)
    if assessment.decision is Decision.SENIOR and not by.is_senior:
        raise SeniorRequired(extra=shown)


def _keep(
    row: SecondCourseDecision, course: Course, *, by: Actor, at: datetime
) -> SecondCourseDecision:
    with refused_by({"second_course_offered_once": AlreadyOffered}):
        row.save(force_insert=True)
    facts = {
        "course_id": course.ref,
        "status": row.status,
        "cumulative_mg": str(row.cumulative_mg),
        "pack_version": row.pack_version,
    }
    record(SECOND_COURSES["decide"].action, on=row, by=by, at=at, facts=facts)
    if row.status == SecondCourseStatus.OFFERED:
        allow_next_course(course, by=by, at=at)
    for task in open_tasks_about(course.ref, TaskKind.SECOND_COURSE_DECISION):
        settle_task(task_id=task.id, outcome=TaskOutcome.RESOLVED, by=by, at=at)
    payload = {
        "second_course_decision_id": row.ref,
        "course_id": course.ref,
        "patient_id": row.patient.ref,
        "status": row.status,
    }
    emit(events.SECOND_COURSE_DECIDED, at=at, payload=payload)
    return row


def _decimal(text: Any) -> Decimal | None:
    return None if text is None else Decimal(str(text))
