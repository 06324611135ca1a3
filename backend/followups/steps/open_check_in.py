"""Ask the patient how she is."""

from datetime import datetime

from backend.audit.record import record
from backend.clock import civil_day
from backend.db import require_transaction
from backend.followups import events
from backend.followups.local_time import instant_of
from backend.followups.models import CheckIn, FollowUp
from backend.followups.queries import may_ask
from backend.followups.rules import CHECK_INS, OPENS, CheckInKind, FollowUpKind
from backend.followups.steps.write_rows import write_check_ins, write_ladder
from backend.followups.template import template
from backend.kernel.actor import Actor
from backend.notifications.steps.queue_notice import queue_notice
from backend.outbox.emit import emit
from backend.prescriptions.models import Course
from backend.protocol.days import add_days


def open_check_in(row: FollowUp, course: Course, *, by: Actor, at: datetime) -> str:
    """Open the check-in, queue its notice, lay the ladder; returns the verb for the row.

    `cancel` when the course does not allow it any more; `miss` when a later check-in of the
    plan is due as well: after a pause of ours the patient is asked once (feature 58).
    """
    require_transaction()
    kind = OPENS[FollowUpKind(row.kind)]
    if not may_ask(kind, course):
        return "cancel"
    if _is_overtaken(row, at):
        return "miss"
    check_in = _opened(row, course, kind, by=by, at=at)
    write_ladder(row, at=at)
    if kind is CheckInKind.SCHEDULED:
        write_check_ins(row.plan, course, by=by, at=at)
    scheduled = kind is CheckInKind.SCHEDULED
    queue_notice(
        template="check_in_opened" if scheduled else "closing_check_opened",
        patient=row.patient,
        key=f"{row.ref}:email",
        about_ref=check_in.ref,
        by=by,
        at=at,
    )
    return "finish"


def _is_overtaken(row: FollowUp, at: datetime) -> bool:
    later = row.plan.follow_ups.filter(
        kind=row.kind, due_at__gt=row.due_at, due_at__lte=at, status__in=["pending", "leased"]
    )
    return later.exists()


def _opened(
    row: FollowUp, course: Course, kind: CheckInKind, *, by: Actor, at: datetime
) -> CheckIn:
    today = civil_day(at, row.zone)
    missed_on = add_days(today, template(row.plan.template).missed_after_days)
    check_in = CheckIn.objects.create(
        patient=row.patient,
        course=course,
        follow_up=row,
        kind=kind.value,
        day=(today - course.started_on).days if course.started_on else None,
        opened_at=at,
        due_at=instant_of(missed_on, row.local_time, row.zone),
    )
    record(CHECK_INS["open"].action, on=check_in, by=by, at=at, facts={"kind": kind.value})
    payload = {
        "check_in_id": check_in.ref,
        "course_id": course.ref,
        "patient_id": row.patient.ref,
        "kind": kind.value,
    }
    emit(events.CHECK_IN_OPENED, at=at, payload=payload)
    return check_in
