"""What the rule book keeps: every version of a pack that a decision was made by."""

from django.db import models


class RulePackVersion(models.Model):
    """A pack as it stood when a decision was made by it. Append-only: a trigger refuses change.

    `content` is all that the pack's files said; the version is its id and the hash of that.
    """

    version = models.CharField(max_length=80, primary_key=True)
    pack_id = models.CharField(max_length=60)
    content = models.JSONField()
    kept_at = models.DateTimeField()
