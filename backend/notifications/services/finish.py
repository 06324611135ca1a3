"""Write down how an attempt ended."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from backend.audit.record import record
from backend.db import save_changes, service
from backend.kernel.actor import Actor
from backend.notifications.lease import MOST_ATTEMPTS, pause_after
from backend.notifications.models import Notification
from backend.notifications.rules import NOTIFICATIONS
from backend.notifications.steps.give_up import give_up
from backend.notifications.steps.hold import held
from backend.notifications.templates import OnUnknown
from backend.notifications.templates import template as template_named


class Outcome(StrEnum):
    """What the channel answered."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@service
def finish(
    *,
    notification_id: UUID,
    epoch: int,
    outcome: Outcome,
    provider_ref: str | None,
    wall_at: datetime,
    by: Actor,
    at: datetime,
) -> Notification:
    """Sent, to be tried again after `wall_at` and a pause, or given up.

    Raises LeaseLost when another worker holds the notice by now: the old worker's answer is
    not believed.
    """
    notice = held(notification_id, epoch)
    notice.in_doubt = outcome is Outcome.UNKNOWN
    if outcome is Outcome.SENT:
        _sent(notice, provider_ref, by=by, at=at)
    elif _is_worth_another_try(notice, outcome):
        _put_back(notice, wall_at=wall_at, by=by, at=at)
    else:
        give_up(notice, by=by, at=at)
    return notice


def _is_worth_another_try(notice: Notification, outcome: Outcome) -> bool:
    if outcome is Outcome.REJECTED or notice.attempts >= MOST_ATTEMPTS:
        return False
    chosen = template_named(notice.template)
    return outcome is Outcome.NOT_SENT or chosen.on_unknown is OnUnknown.RETRY


def _sent(notice: Notification, provider_ref: str | None, *, by: Actor, at: datetime) -> None:
    notice.status, notice.lease_until = "sent", None
    notice.sent_at, notice.provider_ref = at, provider_ref
    save_changes(notice, "status", "lease_until", "sent_at", "provider_ref", "in_doubt")
    facts = {"attempts": str(notice.attempts), "channel": notice.channel}
    record(NOTIFICATIONS["send"].action, on=notice, by=by, at=at, facts=facts)


def _put_back(notice: Notification, *, wall_at: datetime, by: Actor, at: datetime) -> None:
    notice.status, notice.lease_until = "queued", None
    notice.retry_at = wall_at + pause_after(notice.attempts)
    save_changes(notice, "status", "lease_until", "retry_at", "in_doubt")
    facts = {"attempts": str(notice.attempts)}
    record(NOTIFICATIONS["put_back"].action, on=notice, by=by, at=at, facts=facts)
