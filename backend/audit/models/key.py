"""One key a patient: with it go the name behind a pseudonym and what entries recorded."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from backend.audit.ciphers import PatientCipher, cipher_from


class PatientKey(models.Model):
    """A patient's pseudonym in the trail and the key, itself sealed, of what was recorded.

    Destroyed, it keeps the pseudonym alone: nobody can tell any more whose entries these are, or
    read what they sealed, and every proof stays valid (backend/audit/README.md).
    """

    patient_ref = models.CharField(max_length=40, null=True, unique=True)
    pseudonym = models.CharField(max_length=40, unique=True)
    wrapped = models.BinaryField(null=True)
    made_at = models.DateTimeField(db_default=Now())
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="patient_key_whole_or_destroyed",
                condition=Q(
                    patient_ref__isnull=False, wrapped__isnull=False, destroyed_at__isnull=True
                )
                | Q(patient_ref__isnull=True, wrapped__isnull=True, destroyed_at__isnull=False),
            ),
        ]

    def cipher(self) -> PatientCipher | None:
        """The open key; None once it is destroyed."""
        if self.patient_ref is None or self.wrapped is None:
            return None
        return cipher_from(self.patient_ref, self.pseudonym, bytes(self.wrapped))
