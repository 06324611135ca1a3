"""Replies kept for idempotency keys, in the transaction of the effect that they answer."""

from django.db import models


class IdempotencyKey(models.Model):
    """One reply to one key of one principal on one route; kept for seven days.

    `body` is sealed (`backend.secret_box`): it may hold health data.
    """

    principal = models.CharField(max_length=120)
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField()
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField()
    patient_id = models.UUIDField(null=True, help_text="Whom it concerns: it goes with them.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["principal", "route", "key"], name="idempotency_once"),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="idempotency_by_age"),
            models.Index(
                fields=["patient_id"],
                name="idempotency_by_patient",
                condition=models.Q(patient_id__isnull=False),
            ),
        ]
