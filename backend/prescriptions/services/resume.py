"""A senior physician re-opens a halted course."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from backend import clock
from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.prescriptions import events
from backend.prescriptions.errors import DayNotPossible, SeniorPhysicianNeeded, UrgentTaskOpen
from backend.prescriptions.models import Course, CourseClearance
from backend.prescriptions.queries import staff_of
from backend.prescriptions.rules import COURSES, CourseStatus
from backend.prescriptions.steps.lock_prescription import lock_course
from backend.worklist.queries import open_tasks
from backend.worklist.rules import Priority


@dataclass(frozen=True, slots=True)
class Clearance:
    """Which specialist cleared the patient, on which civil day, and what they wrote."""

    specialist: str
    cleared_on: date
    note: str


@service
def resume(
    *,
    course_id: UUID,
    reason: str,
    clearance: Clearance,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Course:
    """Let a halted course go on from the phase it was in; nothing that was voided comes back.

    Raises SeniorPhysicianNeeded (403), NotAllowedFromHere (409), Stale (412), UrgentTaskOpen
    (409) while the patient has an urgent task open, DayNotPossible (422) for a clearance from
    before the last alarm or after today. Source: 0.2, stop and urgent.
    """
    if not by.is_senior:
        raise SeniorPhysicianNeeded()
    course = lock_course(course_id)
    COURSES.check_move("resume", course.status)
    check_version(course, expected_version)
    if open_tasks(course.patient).filter(priority=Priority.URGENT).exists():
        raise UrgentTaskOpen()
    _check_day(course, clearance.cleared_on, at)
    course.status = (CourseStatus.RUNNING if course.started_on else CourseStatus.NOT_STARTED).value
    course.halted_at = course.halt_reason = None
    save_changes(course, "status", "halted_at", "halt_reason")
    cleared = CourseClearance.objects.create(
        patient=course.patient,
        course=course,
        specialist=clearance.specialist,
        cleared_on=clearance.cleared_on,
        note=clearance.note,
        reason=reason,
        resumed_by_id=staff_of(by).user_id,
        resumed_at=at,
    )
    facts = {"clearance_id": cleared.ref, "cleared_on": str(clearance.cleared_on)}
    record(COURSES["resume"].action, on=course, by=by, at=at, facts=facts)
    payload = {"course_id": course.ref, "patient_id": course.patient.ref}
    emit(events.COURSE_RESUMED, at=at, payload=payload)
    return course


def _check_day(course: Course, cleared_on: date, at: datetime) -> None:
    """A clearance answers every alarm, also one that came while the course was halted."""
    zone = course.patient.zone
    last_alarm_at = course.halts.aggregate(last=Max("halted_at"))["last"] or course.halted_at
    halted_on = clock.civil_day(last_alarm_at, zone) if last_alarm_at else date.min
    if not halted_on <= cleared_on <= clock.civil_day(at, zone):
        raise DayNotPossible()
