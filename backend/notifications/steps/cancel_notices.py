"""Cancel the notices about something that is over."""

from datetime import datetime

from django.db.models import F

from backend.audit.record import record_each
from backend.db import require_transaction
from backend.kernel.actor import Actor
from backend.notifications.models import Notification
from backend.notifications.rules import NOTIFICATIONS


def cancel_notices(*, about_refs: list[str], by: Actor, at: datetime) -> int:
    """Cancel what waits or is leased; returns how many. After the commit no attempt is begun.

    An attempt that was begun before cannot be called back: its row in the attempts says so.
    """
    require_transaction()
    cancel = NOTIFICATIONS["cancel"]
    waiting = list(
        Notification.objects.select_for_update(of=("self",))
        .select_related("patient")
        .filter(about_ref__in=about_refs, status__in=cancel.start)
        .order_by("id")
    )
    Notification.objects.filter(id__in=[notice.id for notice in waiting]).update(
        status="cancelled", lease_until=None, epoch=F("epoch") + 1, version=F("version") + 1
    )
    record_each(cancel.action, on=waiting, by=by, at=at, facts={})
    return len(waiting)
