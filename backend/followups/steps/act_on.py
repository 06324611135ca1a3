"""Do what the decision about an answer asks for, in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backend.db import require_transaction
from backend.followups.models import CheckIn
from backend.followups.queries import other_open_courses
from backend.followups.steps.stop_plan import stop_plan_of
from backend.followups.triage import Response, respond
from backend.kernel.actor import Actor
from backend.prescriptions.models import Course
from backend.prescriptions.steps.halt_course import halt_course
from backend.worklist.rules import Priority
from backend.worklist.steps.open_task import open_task


def act_on(check_in: CheckIn, course: Course, *, by: Actor, at: datetime) -> None:
    """Do what the verdict on a check-in asks for; nothing when it is clear."""
    require_transaction()
    findings = check_in.findings or []
    response = respond(check_in.decision or "", findings)
    if response is not None:
        carry_out(response, findings, course, about_ref=check_in.ref, by=by, at=at)


def carry_out(
    response: Response,
    findings: Sequence[dict[str, Any]],
    course: Course,
    *,
    about_ref: str,
    by: Actor,
    at: datetime,
) -> None:
    """Stop, urgent: halt the course, void what is open, cancel the plan, call a human.

    A late answer about an earlier course halts the one that the patient is in by now as well.
    Hold: a physician answers within two days, and the next release waits for it.
    """
    require_transaction()
    if response.halts:
        for one in [course, *other_open_courses(course)]:
            halted = halt_course(one, reason_code=response.reason, findings=findings, by=by, at=at)
            stop_plan_of(halted, by=by, at=at)
    open_task(
        patient=course.patient,
        kind=response.task,
        priority=Priority.URGENT if response.urgent else Priority.NORMAL,
        due_at=at + response.within,
        about_ref=about_ref,
        blocks_release=True,
        by=by,
        at=at,
    )
