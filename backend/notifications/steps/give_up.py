"""End a notice that did not get through, so that a person looks at it."""

from datetime import datetime

from backend.audit.record import record
from backend.db import require_transaction, save_changes
from backend.kernel.actor import Actor
from backend.notifications.events import NOTIFICATION_UNDELIVERED
from backend.notifications.models import Notification
from backend.notifications.rules import NOTIFICATIONS
from backend.outbox.emit import emit


def give_up(notice: Notification, *, by: Actor, at: datetime) -> None:
    """A locked notice becomes `unknown` while its fate is in doubt, otherwise `failed`."""
    require_transaction()
    verb = NOTIFICATIONS["lose_sight" if notice.in_doubt else "fail"]
    (notice.status,) = verb.to
    notice.lease_until = None
    save_changes(notice, "status", "lease_until", "in_doubt")
    record(verb.action, on=notice, by=by, at=at, facts={"attempts": str(notice.attempts)})
    payload = {
        "notification_id": notice.ref,
        "patient_id": notice.patient.ref,
        "status": str(notice.status),
    }
    emit(NOTIFICATION_UNDELIVERED, at=at, payload=payload)
