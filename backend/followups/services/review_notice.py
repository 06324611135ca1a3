"""A notice did not get through: somebody of the clinic reaches the patient another way."""

from datetime import datetime, timedelta
from uuid import UUID

from backend.db import lock_for, service
from backend.kernel.actor import Actor
from backend.notifications.models import Notification
from backend.worklist.models import Task
from backend.worklist.rules import Priority, TaskKind
from backend.worklist.steps.open_task import open_task

WITHIN = timedelta(days=1)


@service
def review_notice(*, notification_id: UUID, by: Actor, at: datetime) -> Task:
    """One task per notice, however often the news comes."""
    notice = Notification.objects.select_related("patient__clinic").get(id=notification_id)
    lock_for(notice.id)
    kind = TaskKind.DELIVERY_FAILED
    there = Task.objects.filter(kind=kind.value, about_ref=notice.ref).first()
    return there or open_task(
        patient=notice.patient,
        kind=kind,
        priority=Priority.NORMAL,
        due_at=at + WITHIN,
        about_ref=notice.ref,
        blocks_release=False,
        by=by,
        at=at,
    )
