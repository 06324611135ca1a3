"""Queue a notice within somebody else's use case."""

from datetime import datetime

from backend.accounts.models import Patient
from backend.audit.record import record
from backend.db import require_transaction
from backend.kernel.actor import Actor
from backend.notifications.models import Notification
from backend.notifications.quiet import next_allowed
from backend.notifications.rules import NOTIFICATIONS
from backend.notifications.templates import template as template_named


def queue_notice(
    *,
    template: str,
    patient: Patient,
    key: str,
    by: Actor,
    at: datetime,
    due_at: datetime | None = None,
    about_ref: str = "",
) -> Notification:
    """One notice per `key`, however often asked for; it leaves after the commit.

    `due_at`: not before this instant (default: at once); quiet hours move it to the morning
    unless the template is urgent. `about_ref`: the public id of what it is about, by which
    `cancel_notices` finds it. Raises KeyError for an unknown template.
    """
    require_transaction()
    chosen = template_named(template)
    fresh = Notification(
        patient=patient,
        template=chosen.name,
        language=patient.language,
        key=key,
        about_ref=about_ref,
        created_at=at,
        due_at=next_allowed(due_at or at, patient.zone, urgent=chosen.urgent),
    )
    Notification.objects.bulk_create([fresh], ignore_conflicts=True)
    notice = Notification.objects.select_related("patient").get(key=key)
    if notice.id == fresh.id:
        action = NOTIFICATIONS["queue"].action
        record(action, on=notice, by=by, at=at, facts={"template": chosen.name})
    return notice
