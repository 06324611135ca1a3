"""Do what a claimed follow-up is there for, once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import save_changes, service
from backend.followups.models import FollowUp
from backend.followups.queries import hold_still
from backend.followups.rules import FOLLOW_UPS, FollowUpKind
from backend.followups.steps.climb_ladder import give_up_waiting, remind
from backend.followups.steps.open_check_in import open_check_in
from backend.followups.steps.open_second_course import open_second_course
from backend.kernel.actor import Actor
from backend.kernel.errors import LeaseLost
from backend.prescriptions.models import Course

Effect = Callable[..., str]
EFFECTS: Mapping[str, Effect] = {
    FollowUpKind.CHECK_IN: open_check_in,
    FollowUpKind.CLOSING_CHECK: open_check_in,
    FollowUpKind.RELAPSE_CHECK: open_check_in,
    FollowUpKind.CHECK_IN_REMINDER: remind,
    FollowUpKind.CLOSING_CHECK_REMINDER: remind,
    FollowUpKind.RELAPSE_CHECK_REMINDER: remind,
    FollowUpKind.CHECK_IN_MISSED: give_up_waiting,
    FollowUpKind.CLOSING_CHECK_MISSED: give_up_waiting,
    FollowUpKind.RELAPSE_CHECK_MISSED: give_up_waiting,
    FollowUpKind.SECOND_COURSE_OPENS: open_second_course,
}


@service
def finish(*, follow_up_id: UUID, epoch: int, by: Actor, at: datetime) -> FollowUp:
    """Do the row's work, if this epoch still holds it; done, missed or cancelled afterwards.

    The course is held still (FOR SHARE) first: nobody is asked or reminded after a stop has
    committed. Raises LeaseLost when another worker has the row, or it was cancelled.
    """
    course_id = FollowUp.objects.values_list("plan__course_id", flat=True).get(id=follow_up_id)
    course = hold_still(course_id)
    row = _held(follow_up_id, epoch)
    verb = FOLLOW_UPS[_work(row, course, by=by, at=at)]
    (row.status,) = verb.to
    row.lease_until = None
    row.finished_at = None if verb.name == "cancel" else at
    save_changes(row, "status", "lease_until", "finished_at")
    facts = {"kind": row.kind, "occurrence": str(row.occurrence), "epoch": str(epoch)}
    record(verb.action, on=row, by=by, at=at, facts=facts)
    return row


def _held(follow_up_id: UUID, epoch: int) -> FollowUp:
    row = (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("patient__clinic", "plan__patient", "opened_by")
        .get(id=follow_up_id)
    )
    if row.status != "leased" or row.epoch != epoch:
        raise LeaseLost()
    return row


def _work(row: FollowUp, course: Course, *, by: Actor, at: datetime) -> str:
    return EFFECTS[row.kind](row, course, by=by, at=at)
