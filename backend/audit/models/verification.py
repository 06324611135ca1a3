"""What each look at the whole trail found."""

from django.db import models


class Verification(models.Model):
    """One verification of the whole trail: when, over how many records, and the findings."""

    ran_at = models.DateTimeField()
    records = models.BigIntegerField()
    tree_size = models.BigIntegerField()
    is_sound = models.BooleanField()
    findings = models.JSONField()
