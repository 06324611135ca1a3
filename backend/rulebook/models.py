"""What the rule book keeps: the packs that decided, and which packs a clinic activated."""

from django.db import models
from django.db.models import F, Q

from backend.accounts.models import Clinic, StaffMember, User
from backend.db import Row, together
from backend.rulebook.rules import ActivationStatus


class RulePackVersion(models.Model):
    """A pack as it stood when a decision was made by it. Append-only: a trigger refuses change.

    `content` is all that the pack's files said; the version is its id and the hash of that.
    """

    version = models.CharField(max_length=80, primary_key=True)
    pack_id = models.CharField(max_length=60)
    content = models.JSONField()
    kept_at = models.DateTimeField()


class PackActivation(Row):
    """A clinic's yes to a pack that waits for one, signed off by a physician and a lawyer.

    Nothing of it ever changes but its withdrawal, once: a trigger sees to that.
    """

    PREFIX = "act"

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="pack_activations")
    pack = models.CharField(max_length=60)
    pack_version = models.CharField(max_length=80, help_text="What was signed off.")
    in_force_on = models.DateField(help_text="The first day, where the patient lives.")
    reason = models.CharField(max_length=400)
    physician = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    lawyer = models.CharField(max_length=120)
    sign_off_sha256 = models.CharField(max_length=64)
    activated_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    activated_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=400, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="pack_activation_stands_once",
                fields=["clinic", "pack"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="pack_activation_says_why_and_who",
                condition=~Q(reason="") & ~Q(lawyer="") & ~Q(pack=""),
            ),
            models.CheckConstraint(
                name="pack_activation_names_what_was_signed",
                condition=Q(sign_off_sha256__regex="^[0-9a-f]{64}$")
                & Q(pack_version__regex="@[0-9a-f]{16}$"),
            ),
            models.CheckConstraint(
                name="pack_activation_withdrawn_together",
                condition=together("withdrawn_by", "withdrawn_at", "withdrawal_reason")
                & ~Q(withdrawal_reason=""),
            ),
            models.CheckConstraint(
                name="pack_activation_withdrawn_later",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("activated_at")),
            ),
        ]

    @property
    def status(self) -> ActivationStatus:
        """For the verb table."""
        return ActivationStatus.WITHDRAWN if self.withdrawn_at else ActivationStatus.STANDING
