"""Reads, and the locks under which a reminder is still right."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import F, Min, QuerySet

from backend.db import Row, require_transaction
from backend.followups.advice import Advice, advice_for, counsel_for
from backend.followups.models import CheckIn, FollowUp, Plan, SecondCourseDecision
from backend.followups.rules import (
    CLINICAL,
    OPENS,
    CheckInKind,
    CheckInStatus,
    FollowUpStatus,
    PlanStatus,
)
from backend.kernel.actor import Actor, Role
from backend.kernel.ids import NotAnId, parse_id
from backend.notifications.models import Notification
from backend.prescriptions.models import Course
from backend.prescriptions.rules import OPEN_COURSE, CourseStatus

AnyRow = TypeVar("AnyRow", bound=Row)


def _visible(rows: QuerySet[AnyRow], actor: Actor) -> QuerySet[AnyRow]:
    if actor.role is Role.PATIENT and actor.patient_id is not None:
        return rows.filter(patient_id=actor.patient_id)
    if actor.role in CLINICAL and actor.clinic_id is not None:
        return rows.filter(patient__clinic_id=actor.clinic_id)
    return rows.none()


def follow_ups_visible_to(actor: Actor) -> QuerySet[FollowUp]:
    """A patient's own; the clinic's for its clinical roles; otherwise none."""
    return _visible(FollowUp.objects.select_related("patient__test_clock", "plan__course"), actor)


def check_ins_visible_to(actor: Actor) -> QuerySet[CheckIn]:
    """A patient's own; the clinic's for its clinical roles; otherwise none."""
    related = ("patient__test_clock", "patient__clinic", "course")
    return _visible(CheckIn.objects.select_related(*related), actor)


def next_check_in(actor: Actor) -> FollowUp | None:
    """The follow-up that opens the next check-in of those that the actor may see."""
    rows = follow_ups_visible_to(actor).filter(
        kind__in=list(OPENS),
        status=FollowUpStatus.PENDING,
        plan__status__in=[PlanStatus.ACTIVE, PlanStatus.CLOSING],
    )
    return rows.order_by("due_at").first()


def second_course_decisions_visible_to(actor: Actor) -> QuerySet[SecondCourseDecision]:
    """A patient's own; the clinic's for its clinical roles; otherwise none."""
    related = ("patient__test_clock", "course", "decided_by")
    return _visible(SecondCourseDecision.objects.select_related(*related), actor)


def advice_on(row: CheckIn) -> list[Advice]:
    """What to do now and whom to call, most pressing first; nothing before there is an answer."""
    if row.decision is None or row.findings is None:
        return []
    clinic = row.patient.clinic
    found = advice_for(
        [finding["rule"] for finding in row.findings],
        row.decision,
        programme=clinic.programme,
        clinic_telephone=clinic.telephone,
    )
    return found + counsel_for(row.findings, row.decision, clinic_telephone=clinic.telephone)


def course_to_report_on(patient_id: UUID) -> Course | None:
    """The course that an unasked report belongs to: the newest one that was not called off."""
    rows = Course.objects.filter(patient_id=patient_id)
    return rows.exclude(status=CourseStatus.CANCELLED).order_by("-id").first()


def plan_of(course: Course) -> Plan | None:
    """The plan of a course, if it has one already."""
    return Plan.objects.select_related("patient__clinic").filter(course=course).first()


def hold_still(course_id: UUID) -> Course:
    """The course, locked FOR SHARE: it cannot be halted or ended before this transaction ends."""
    require_transaction()
    statement = "SELECT * FROM prescriptions_course WHERE id = %s FOR SHARE"
    return Course.objects.raw(statement, [course_id])[0]


def may_ask(kind: str, course: Course) -> bool:
    """Whether a check-in of this kind makes sense as the course now is: never after a stop."""
    if kind == CheckInKind.SCHEDULED:
        return course.status == CourseStatus.RUNNING
    if kind == CheckInKind.RELAPSE and _is_treated_again(course):
        return False
    return course.status == CourseStatus.ENDED


def other_open_courses(course: Course) -> QuerySet[Course]:
    """The course that the same patient is in by now, if it is another: at most one."""
    others = Course.objects.filter(patient_id=course.patient_id, status__in=OPEN_COURSE)
    return others.exclude(id=course.id)


def _is_treated_again(course: Course) -> bool:
    return other_open_courses(course).exists()


def may_send(notice: Notification) -> bool:
    """Whether a notice may still go out. A reminder may only while its check-in waits.

    Asked in the last transaction before the call; the course is held still until the attempt
    is written, so that none begins after a stop has committed.
    """
    try:
        check_in_id = parse_id(CheckIn.PREFIX, notice.about_ref)
    except NotAnId:
        return True
    check_in = CheckIn.objects.get(id=check_in_id)
    course = hold_still(check_in.course_id)
    check_in.refresh_from_db(fields=["status"])
    return check_in.status == CheckInStatus.OPEN and may_ask(check_in.kind, course)


def next_due_on_clock(test_clock_id: UUID, *, until: datetime) -> datetime | None:
    """When the next follow-up of a patient on this test clock falls due, after its present."""
    found: datetime | None = FollowUp.objects.filter(
        status="pending",
        patient__test_clock_id=test_clock_id,
        due_at__gt=F("patient__test_clock__frozen_at"),
        due_at__lte=until,
    ).aggregate(first=Min("due_at"))["first"]
    return found


def oldest_due(now: datetime) -> float:
    """How long the oldest due follow-up has been waiting, in seconds; 0 when none is.

    By the wall clock: patients on a test clock are not counted.
    """
    oldest: datetime | None = FollowUp.objects.filter(
        status__in=["pending", "leased"], due_at__lte=now, patient__test_clock=None
    ).aggregate(first=Min("due_at"))["first"]
    return max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
