"""The audit trail: one row an act, insert-only, its canonical bytes and leaf hash beside it."""

import json
from typing import Any, cast

from django.db import models
from django.db.models.functions import Now


class Outcome(models.TextChoices):
    """How the act ended."""

    DONE = "done"
    REFUSED = "refused"


class AuditEntry(models.Model):
    """One act, look or refusal. `body` is the truth; the columns repeat it for searching.

    Actor, object and patient are strings, not foreign keys: an entry outlives what it names.
    `at` is the instant on the subject's clock, `recorded_at` the database's own.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    clinic_id = models.UUIDField(null=True)
    actor = models.CharField(max_length=120)
    actor_role = models.CharField(max_length=24)
    action = models.CharField(max_length=80)
    object_ref = models.CharField(max_length=40)
    patient_ref = models.CharField(max_length=40, null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    request_id = models.CharField(max_length=64)
    body = models.BinaryField()
    leaf = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["patient_ref", "id"], name="audit_by_patient"),
            models.Index(fields=["object_ref", "id"], name="audit_by_object"),
            models.Index(fields=["clinic_id", "id"], name="audit_by_clinic"),
        ]

    @property
    def content(self) -> dict[str, Any]:
        """The entry as it was written, read back from its canonical bytes."""
        return cast(dict[str, Any], json.loads(bytes(self.body)))

    @property
    def facts(self) -> dict[str, Any]:
        """What the act recorded beside who, what and when."""
        return cast(dict[str, Any], self.content["facts"])
