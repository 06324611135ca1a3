"""The audit trail: one row an act, insert-only, its canonical bytes and leaf hash beside it."""

import json
from typing import Any, cast

from django.db import models
from django.db.models.functions import Now

from backend.audit.ciphers import PatientCipher
from backend.audit.models.key import PatientKey
from backend.audit.models.xid import current_xid


class Outcome(models.TextChoices):
    """How the act ended."""

    DONE = "done"
    REFUSED = "refused"


class AuditEntry(models.Model):
    """One act, look or refusal. `body` is the truth; the columns repeat it for searching.

    Actor and object are strings, not foreign keys: an entry outlives what it names. A patient is
    named by a pseudonym, and what was recorded about one is sealed under the patient's key (see
    `backend.audit.keys`): the body holds a commitment to it. `at` is the instant on the subject's
    clock, `recorded_at` the database's own; `xid` tells which entries and row changes belong to
    one transaction, and when the transaction is settled.
    """

    id = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(db_default=current_xid())
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    clinic_id = models.UUIDField(null=True)
    actor = models.CharField(max_length=120)
    actor_role = models.CharField(max_length=24)
    action = models.CharField(max_length=80)
    object_ref = models.CharField(max_length=40)
    pseudonym = models.CharField(max_length=40, null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    request_id = models.CharField(max_length=64)
    body = models.BinaryField()
    leaf = models.BinaryField()
    sealed_facts = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["pseudonym", "id"], name="audit_by_pseudonym"),
            models.Index(fields=["object_ref", "id"], name="audit_by_object"),
            models.Index(fields=["clinic_id", "id"], name="audit_by_clinic"),
            models.Index(fields=["xid", "id"], name="audit_by_xid"),
        ]

    @property
    def content(self) -> dict[str, Any]:
        """The entry as it was written, read back from its canonical bytes."""
        return cast(dict[str, Any], json.loads(bytes(self.body)))

    @property
    def facts(self) -> dict[str, Any]:
        """What the act recorded beside who, what and when; empty once the key is destroyed.

        Asks for the key: for many entries use `backend.audit.read.opened`.
        """
        if self.sealed_facts is None:
            return cast(dict[str, Any], self.content.get("facts", {}))
        cipher = self._cipher()
        return cipher.open(bytes(self.sealed_facts))[0] if cipher else {}

    @property
    def patient_ref(self) -> str | None:
        """The patient behind the pseudonym, while the key exists. Asks for the key."""
        cipher = self._cipher()
        return cipher.patient_ref if cipher else None

    def _cipher(self) -> PatientCipher | None:
        key = PatientKey.objects.filter(pseudonym=self.pseudonym).first()
        return key.cipher() if key else None
