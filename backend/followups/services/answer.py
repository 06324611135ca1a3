"""A patient answers a check-in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.followups.models import CheckIn
from backend.followups.rules import CHECK_INS
from backend.followups.steps.take_answer import fill_in, follow_through
from backend.kernel.actor import Actor
from backend.prescriptions.steps.lock_prescription import lock_course

FIELDS = (
    "status",
    "answers",
    "answered_at",
    "decision",
    "findings",
    "pack",
    "pack_version",
)


@service
def answer(
    *,
    check_in_id: UUID,
    answers: dict[str, Any],
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> CheckIn:
    """Keep the answers, judge them, and do what they ask for: all of it or nothing.

    The same answers again change nothing. An answer is taken however late, whatever became of
    the course. Raises NotAllowedFromHere when other answers were given before, Stale, NotAFact.
    """
    course_id = CheckIn.objects.values_list("course_id", flat=True).get(id=check_in_id)
    course = lock_course(course_id)
    check_in = (
        CheckIn.objects.select_for_update(of=("self",))
        .select_related("patient__clinic", "patient__test_clock", "course")
        .get(id=check_in_id)
    )
    if check_in.answers is not None and check_in.answers == answers:
        return check_in
    CHECK_INS.check_move("answer", check_in.status)
    check_version(check_in, expected_version)

    fill_in(check_in, course, answers, by=by, at=at)
    save_changes(check_in, *FIELDS)
    facts = {"decision": str(check_in.decision), "pack_version": str(check_in.pack_version)}
    record(CHECK_INS["answer"].action, on=check_in, by=by, at=at, facts=facts)
    follow_through(check_in, course, by=by, at=at)
    return check_in
