"""Tell a patient of something that happened elsewhere."""

from datetime import datetime
from uuid import UUID

from backend.accounts.models import Patient
from backend.db import service
from backend.kernel.actor import Actor
from backend.notifications.models import Notification
from backend.notifications.steps.queue_notice import queue_notice


@service
def notify(
    *, patient_id: UUID, template: str, key: str, about_ref: str, by: Actor, at: datetime
) -> Notification:
    """Queue one notice per `key` for the patient. Raises KeyError for an unknown template."""
    patient = Patient.objects.select_related("test_clock").get(id=patient_id)
    return queue_notice(
        template=template, patient=patient, key=key, about_ref=about_ref, by=by, at=at
    )
