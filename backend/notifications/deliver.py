"""Between claim and finish: hand due notices to a channel. The channel is an argument."""

from collections.abc import Callable
from uuid import UUID

import structlog

from backend import clock
from backend.kernel.actor import Actor
from backend.kernel.errors import LeaseLost
from backend.notifications.lease import BATCH
from backend.notifications.message import Message, NotSent, Rejected, Send
from backend.notifications.models import Notification
from backend.notifications.services.claim_due import claim_due
from backend.notifications.services.finish import Outcome, finish
from backend.notifications.services.start_attempt import start_attempt

log = structlog.get_logger("notifications")
MaySend = Callable[[Notification], bool]


def always(_: Notification) -> bool:
    """Nothing stands against any notice."""
    return True


def deliver_due(
    *, send: Send, by: Actor, may_send: MaySend = always, test_clock_id: UUID | None = None
) -> int:
    """Deliver what is due until nothing is; returns how many notices were taken up.

    `send` gets one message and returns the provider's reference, or raises NotSent, Rejected
    or anything else (then nobody knows whether it went out). `may_send` is asked in the last
    transaction before the call.
    """
    taken = 0
    while True:
        due = claim_due(by=by, at=clock.now(), test_clock_id=test_clock_id)
        for notice in due:
            deliver(notice, send=send, may_send=may_send, by=by)
        taken += len(due)
        if len(due) < BATCH:
            return taken


def deliver(notice: Notification, *, send: Send, may_send: MaySend, by: Actor) -> None:
    """Deliver one leased notice; a lost lease means that somebody else does."""
    try:
        message = start_attempt(
            notification_id=notice.id,
            epoch=notice.epoch,
            may_send=may_send,
            wall_at=clock.now(),
            by=by,
            at=clock.now(notice.patient),
        )
        if message is None:
            return
        outcome, provider_ref = _call(send, message)
        finish(
            notification_id=notice.id,
            epoch=notice.epoch,
            outcome=outcome,
            provider_ref=provider_ref,
            wall_at=clock.now(),
            by=by,
            at=clock.now(notice.patient),
        )
    except LeaseLost:
        log.warning("notice_lease_lost", notification=notice.ref, epoch=notice.epoch)


def _call(send: Send, message: Message) -> tuple[Outcome, str | None]:
    try:
        return Outcome.SENT, send(message)
    except NotSent as error:
        log.warning("notice_not_sent", reason=str(error))
        return Outcome.NOT_SENT, None
    except Rejected as error:
        log.warning("notice_rejected", reason=str(error))
        return Outcome.REJECTED, None
    except Exception as error:  # whatever broke: nobody knows whether it went out
        log.warning("notice_unknown", reason=type(error).__name__)
        return Outcome.UNKNOWN, None
