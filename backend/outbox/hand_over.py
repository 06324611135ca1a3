"""Give waiting events to whoever carries them on."""

from collections.abc import Callable
from datetime import datetime

from backend.db import service
from backend.kernel.actor import Actor
from backend.outbox.models import OutboxEvent


@service
def hand_over(
    *,
    send: Callable[[OutboxEvent], object],
    by: Actor,  # noqa: ARG001 - every service says who acts
    at: datetime,
    at_most: int = 100,
) -> int:
    """Give waiting events to `send`: at least once, in no promised order. Returns how many.

    If `send` raises, none of this batch is marked and all of it is sent again. The only service
    that talks to the network inside its transaction: at most `at_most` rows to the broker.
    """
    waiting = list(
        OutboxEvent.objects.select_for_update(skip_locked=True)
        .filter(handed_over_at=None)
        .order_by("id")[:at_most]
    )
    for event in waiting:
        send(event)
    OutboxEvent.objects.filter(id__in=[event.id for event in waiting]).update(handed_over_at=at)
    return len(waiting)
