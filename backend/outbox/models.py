"""News that waits to leave: written with the change that it announces."""

from django.db import models


class OutboxEvent(models.Model):
    """One event, in the same transaction as its cause. The payload holds ids, never health data."""

    id = models.BigAutoField(primary_key=True)
    type = models.CharField(max_length=80)
    at = models.DateTimeField()
    payload = models.JSONField()
    request_id = models.CharField(max_length=64)
    handed_over_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="outbox_waiting",
                condition=models.Q(handed_over_at__isnull=True),
            ),
        ]
