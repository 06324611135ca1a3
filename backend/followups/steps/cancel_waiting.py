"""Take back what a plan was going to ask, with the notices about it."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F

from backend.audit.record import record_each
from backend.db import require_transaction
from backend.followups.models import CheckIn, FollowUp, Plan
from backend.followups.rules import CHECK_INS, FOLLOW_UPS, CheckInStatus, FollowUpStatus
from backend.kernel.actor import Actor
from backend.notifications.steps.cancel_notices import cancel_notices


def cancel_waiting(
    plan: Plan, *, kinds: Collection[str] | None = None, by: Actor, at: datetime
) -> int:
    """Cancel pending and leased rows (of these kinds, or all), open check-ins, their notices.

    A worker that holds one of the rows is fenced off by the epoch. Returns how many rows.
    """
    require_transaction()
    rows = FollowUp.objects.filter(plan=plan, status__in=FOLLOW_UPS["cancel"].start)
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    cancelled = rows.update(
        status=FollowUpStatus.CANCELLED.value,
        lease_until=None,
        epoch=F("epoch") + 1,
        version=F("version") + 1,
    )
    _cancel_check_ins(plan, by=by, at=at)
    return cancelled


def _cancel_check_ins(plan: Plan, *, by: Actor, at: datetime) -> None:
    waiting = list(
        CheckIn.objects.select_for_update(of=("self",))
        .select_related("patient")
        .filter(follow_up__plan=plan, status=CheckInStatus.OPEN)
    )
    CheckIn.objects.filter(id__in=[row.id for row in waiting]).update(
        status=CheckInStatus.CANCELLED.value, version=F("version") + 1
    )
    record_each(CHECK_INS["cancel"].action, on=waiting, by=by, at=at, facts={})
    cancel_notices(about_refs=[row.ref for row in waiting], by=by, at=at)
