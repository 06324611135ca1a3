"""Legal holds, and what each daily look at the periods found."""

from django.db import models
from django.db.models import F, Q

from backend.accounts.models import Patient, User
from backend.db import Row, together
from backend.retention.rules import HoldStatus

REASONS = ["litigation", "regulator", "complaint", "adverse_event", "other"]


class LegalHold(Row):
    """A record that must stay, whatever its age: placed with a reason, lifted once with another.

    Several may stand at a time. Nothing else of a row ever changes, and no row goes (a trigger);
    while one stands PostgreSQL destroys neither the patient's key nor anything else of hers.
    """

    PREFIX = "hld"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=16)
    reason_text = models.CharField(max_length=2000)
    placed_at = models.DateTimeField(help_text="On the patient's clock.")
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lift_reason = models.CharField(max_length=2000, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="legal_hold_reason_known", condition=Q(reason__in=REASONS)),
            models.CheckConstraint(
                name="legal_hold_says_why", condition=Q(reason_text__regex=r"^\S.{8,}\S$")
            ),
            models.CheckConstraint(
                name="legal_hold_lifted_as_a_whole",
                condition=together("lifted_at", "lifted_by", "lift_reason"),
            ),
            models.CheckConstraint(
                name="legal_hold_lifted_later",
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("placed_at")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["patient"],
                name="legal_hold_that_stands",
                condition=Q(lifted_at__isnull=True),
            ),
        ]

    @property
    def status(self) -> HoldStatus:
        """For the verb table."""
        return HoldStatus.LIFTED if self.lifted_at else HoldStatus.PLACED


class RetentionReview(Row):
    """One look at all patients: of how many the period is over, and how many of those are held."""

    PREFIX = "rrv"

    ran_at = models.DateTimeField()
    ended = models.PositiveIntegerField()
    held = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["-ran_at"], name="retention_review_newest")]
        constraints = [
            models.CheckConstraint(
                name="retention_review_held_are_ended", condition=Q(held__lte=F("ended"))
            ),
        ]
