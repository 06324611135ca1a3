"""What happens while a check-in stays unanswered: a reminder, then a person (feature 62)."""

from datetime import datetime, timedelta

from backend.audit.record import record
from backend.db import require_transaction, save_changes
from backend.followups import events
from backend.followups.models import CheckIn, FollowUp
from backend.followups.queries import may_ask
from backend.followups.rules import CHECK_INS, CheckInStatus
from backend.kernel.actor import Actor
from backend.notifications.steps.queue_notice import queue_notice
from backend.outbox.emit import emit
from backend.prescriptions.models import Course
from backend.worklist.rules import Priority, TaskKind
from backend.worklist.steps.open_task import open_task

REACH_PATIENT_WITHIN = timedelta(days=2)  # DESIGN; as AMBER, K-04 to K-06


def remind(row: FollowUp, course: Course, *, by: Actor, at: datetime) -> str:
    """Remind once more of a check-in that still waits; returns the verb for the row."""
    require_transaction()
    check_in = _waiting(row, course)
    if check_in is None:
        return "cancel"
    queue_notice(
        template="check_in_reminder",
        patient=row.patient,
        key=f"{row.ref}:email",
        about_ref=check_in.ref,
        by=by,
        at=at,
    )
    return "finish"


def give_up_waiting(row: FollowUp, course: Course, *, by: Actor, at: datetime) -> str:
    """The check-in is missed and somebody of the clinic gets in touch with the patient."""
    require_transaction()
    check_in = _waiting(row, course)
    if check_in is None:
        return "cancel"
    check_in.status = CheckInStatus.MISSED.value
    save_changes(check_in, "status")
    record(CHECK_INS["miss"].action, on=check_in, by=by, at=at)
    open_task(
        patient=row.patient,
        kind=TaskKind.CHECK_IN_MISSED,
        priority=Priority.NORMAL,
        due_at=at + REACH_PATIENT_WITHIN,
        about_ref=check_in.ref,
        blocks_release=False,
        by=by,
        at=at,
    )
    payload = {
        "check_in_id": check_in.ref,
        "course_id": course.ref,
        "patient_id": row.patient.ref,
    }
    emit(events.CHECK_IN_MISSED, at=at, payload=payload)
    return "finish"


def _waiting(row: FollowUp, course: Course) -> CheckIn | None:
    """The locked check-in that this rung is about, if it still waits for an answer."""
    check_in = (
        CheckIn.objects.select_for_update(of=("self",))
        .select_related("patient")
        .filter(follow_up=row.opened_by, status=CheckInStatus.OPEN)
        .first()
    )
    return check_in if check_in is not None and may_ask(check_in.kind, course) else None
