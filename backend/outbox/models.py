"""News that waits to leave: written with the change that it announces."""

from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Now


class OutboxEvent(models.Model):
    """One event, in the same transaction as its cause. The payload holds ids, never health data.

    `at` is the instant on the subject's clock, `written_at` the database's own.
    """

    id = models.BigAutoField(primary_key=True)
    type = models.CharField(max_length=80)
    at = models.DateTimeField()
    payload = models.JSONField()
    written_at = models.DateTimeField(db_default=Now())
    request_id = models.CharField(max_length=64)
    handed_over_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="outbox_waiting",
                condition=models.Q(handed_over_at__isnull=True),
            ),
            models.Index(KeyTextTransform("patient_id", "payload"), name="outbox_by_patient"),
        ]
