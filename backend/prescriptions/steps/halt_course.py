"""Stop a course: the drug is halted and nothing that is open may be handed over any more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backend.audit.record import record
from backend.db import require_transaction, save_changes
from backend.kernel.actor import Actor, Role
from backend.outbox.emit import emit
from backend.prescriptions import events
from backend.prescriptions.models import Course, CourseHalt
from backend.prescriptions.rules import COURSES, CourseStatus, VoidReason
from backend.prescriptions.steps.lock_prescription import lock_course
from backend.prescriptions.steps.void_open import void_open_prescriptions


def halt_course(
    course: Course,
    *,
    reason_code: str,
    findings: Sequence[dict[str, Any]] = (),
    by: Actor,
    at: datetime,
) -> Course:
    """Halt a course and void every open prescription of it, in the caller's transaction.

    A physician halts, a finding stops: the entry says which. `reason_code`: a HaltReason, or the
    rule that says stop or urgent (`R-01`). `findings`: the findings as JSON. A course that is
    halted, ended or cancelled already keeps its status: news that ask for a halt must never fail
    because one was there before. It is recorded all the same.
    """
    require_transaction()
    course = lock_course(course.id)
    void_open_prescriptions(course, reason=VoidReason.COURSE_HALTED, by=by, at=at)
    CourseHalt.objects.create(
        patient=course.patient,
        course=course,
        reason_code=reason_code,
        findings=list(findings),
        halted_by=by.label,
        halted_at=at,
    )
    was, verb = course.status, COURSES["halt" if by.role is Role.PHYSICIAN else "stop"]
    if was in verb.start:
        course.status = CourseStatus.HALTED.value
        course.halted_at, course.halt_reason = at, reason_code
        save_changes(course, "status", "halted_at", "halt_reason")
        payload = {
            "course_id": course.ref,
            "patient_id": course.patient.ref,
            "reason": reason_code,
        }
        emit(events.COURSE_HALTED, at=at, payload=payload)
    facts = {"reason": reason_code, "was": was}
    record(verb.action, on=course, by=by, at=at, facts=facts)
    return course
