"""Manifests of exported bundles, which the sealer signs: it alone has the log's key."""

from django.db import models
from django.db.models import Q


class BundleManifest(models.Model):
    """What an exported bundle says of itself, and the sealer's word on it.

    Whoever exports adds one; the sealer signs it, or says why not, at its next run. Neither is
    ever changed.
    """

    content = models.TextField(help_text="Canonical JSON (RFC 8785).")
    tree_size = models.BigIntegerField(help_text="Of the checkpoint that the bundle carries.")
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    note = models.TextField(null=True, help_text="A signed note about the content's hash.")
    refusal = models.CharField(max_length=200, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="manifest_signed_or_refused",
                condition=Q(note__isnull=True) | Q(refusal__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="manifest_waiting",
                condition=Q(note__isnull=True, refusal__isnull=True),
            ),
        ]
