"""Do what the decision about an answer asks for, in the same transaction."""

from datetime import datetime

from backend.db import require_transaction
from backend.followups.models import CheckIn
from backend.followups.queries import other_open_courses
from backend.followups.steps.stop_plan import stop_plan_of
from backend.followups.triage import respond
from backend.kernel.actor import Actor
from backend.prescriptions.models import Course
from backend.prescriptions.steps.halt_course import halt_course
from backend.worklist.rules import Priority
from backend.worklist.steps.open_task import open_task


def act_on(check_in: CheckIn, course: Course, *, by: Actor, at: datetime) -> None:
    """Stop, urgent: halt the course, void what is open, cancel the plan, call a human.

    A late answer about an earlier course halts the one that the patient is in by now as well.
    Hold: a physician answers within two days, and the next release waits for it. Clear: nothing.
    """
    require_transaction()
    response = respond(check_in.decision or "", check_in.findings or [])
    if response is None:
        return
    if response.halts:
        findings = check_in.findings or []
        for one in [course, *other_open_courses(course)]:
            halted = halt_course(one, reason_code=response.reason, findings=findings, by=by, at=at)
            stop_plan_of(halted, by=by, at=at)
    open_task(
        patient=check_in.patient,
        kind=response.task,
        priority=Priority.URGENT if response.urgent else Priority.NORMAL,
        due_at=at + response.within,
        about_ref=check_in.ref,
        blocks_release=True,
        by=by,
        at=at,
    )
