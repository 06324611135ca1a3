"""Make sure, at the last moment, that a notice may go out; leave a trace; then let it go."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from backend.audit.record import record
from backend.db import save_changes, service
from backend.kernel.actor import Actor
from backend.notifications.lease import LEASE
from backend.notifications.message import Message, message_id_for
from backend.notifications.models import Attempt, Notification
from backend.notifications.quiet import next_allowed
from backend.notifications.rules import NOTIFICATIONS
from backend.notifications.steps.give_up import give_up
from backend.notifications.steps.hold import held
from backend.notifications.templates import OnUnknown, Template
from backend.notifications.templates import template as template_named

MaySend = Callable[[Notification], bool]


@service
def start_attempt(
    *,
    notification_id: UUID,
    epoch: int,
    may_send: MaySend,
    wall_at: datetime,
    by: Actor,
    at: datetime,
) -> Message | None:
    """The message to send now, its attempt already written; or None when it must not go out.

    `may_send` is asked inside this transaction, before anything is locked here: it may lock what
    the notice is about, so that no attempt begins after a stop has committed. `wall_at` renews
    the lease. Raises LeaseLost when the notice is no longer this worker's.
    """
    notice = Notification.objects.select_related("patient").get(id=notification_id)
    wanted = may_send(notice)
    notice = held(notification_id, epoch)
    chosen = template_named(notice.template)
    if not wanted or _expired(notice, chosen, at):
        _leave(notice, "cancel", by=by, at=at)
        return None
    if notice.in_doubt and chosen.on_unknown is OnUnknown.REVIEW:
        give_up(notice, by=by, at=at)
        return None
    allowed_at = next_allowed(at, notice.patient.zone, urgent=chosen.urgent)
    if allowed_at > at:
        notice.due_at = allowed_at
        _leave(notice, "put_back", by=by, at=at)
        return None
    return _begin(notice, chosen, wall_at=wall_at, by=by, at=at)


def _expired(notice: Notification, chosen: Template, at: datetime) -> bool:
    return chosen.expires is not None and at > notice.due_at + chosen.expires


def _leave(notice: Notification, name: str, *, by: Actor, at: datetime) -> None:
    verb = NOTIFICATIONS[name]
    (notice.status,) = verb.to
    notice.lease_until = None
    save_changes(notice, "status", "lease_until", "due_at")
    record(verb.action, on=notice, by=by, at=at)


def _begin(
    notice: Notification, chosen: Template, *, wall_at: datetime, by: Actor, at: datetime
) -> Message:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message_id = message_id_for(notice.key, notice.channel, domain)
    Attempt.objects.create(notification=notice, epoch=notice.epoch, message_id=message_id, at=at)
    notice.attempts += 1
    notice.in_doubt = True
    notice.lease_until = wall_at + LEASE
    save_changes(notice, "attempts", "in_doubt", "lease_until")
    facts = {"attempts": str(notice.attempts), "channel": notice.channel}
    record(NOTIFICATIONS["attempt"].action, on=notice, by=by, at=at, facts=facts)
    return Message(
        to=notice.patient.user.email,
        subject=chosen.subject.in_language(notice.language),
        body=f"{chosen.body.in_language(notice.language)}\n\n{settings.PUBLIC_URL}/\n",
        language=notice.language,
        message_id=message_id,
    )
