"""What a decision rested on and what was signed. Every table here is append-only by trigger."""

import json
from typing import Any, cast

from django.db import models
from django.db.models import Q

from backend.accounts.models import Patient, User
from backend.db import Row
from backend.prescriptions.models.course import Course
from backend.prescriptions.models.prescription import Prescription
from backend.worklist.models import Task

DECISIONS = ["clear", "senior", "hold", "block", "stop", "urgent"]


class Decision(Row):
    """The answer of the rules at one moment, with all that it rested on.

    `asked_at` is the instant that the rules were asked about, too. `rules_version` is empty where
    it was made before versions of the rules were kept.
    """

    PREFIX = "dec"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, null=True, related_name="decisions")
    prescription = models.ForeignKey(
        Prescription, models.PROTECT, null=True, related_name="decisions"
    )
    moment = models.CharField(max_length=20, help_text="submit, approve, decline, claim, …")
    purpose = models.CharField(max_length=14)
    facts = models.JSONField()
    findings = models.JSONField()
    decision = models.CharField(max_length=8)
    pack = models.CharField(max_length=40)
    pack_version = models.CharField(max_length=80)
    rules_version = models.CharField(max_length=16, default="", db_default="", blank=True)
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_purpose_known",
                condition=Q(
                    purpose__in=["intake", "prescribe", "dispense", "checkin", "second_course"]
                ),
            ),
            models.CheckConstraint(name="decision_known", condition=Q(decision__in=DECISIONS)),
        ]


class Reassessment(Row):
    """What a pack that changed would have said of a decision's facts: asked once a version.

    `was` is what the decision said, `becomes` what the pack would have; `rules` are those that
    decide otherwise. `task` tells the physician, where it is more severe.
    """

    PREFIX = "ras"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="reassessments")
    pack = models.CharField(max_length=40)
    pack_version = models.CharField(max_length=80)
    was = models.CharField(max_length=8)
    becomes = models.CharField(max_length=8)
    rules = models.JSONField()
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reassessment_once_per_decision_and_pack", fields=["decision", "pack_version"]
            ),
            models.CheckConstraint(
                name="reassessment_decisions_known",
                condition=Q(was__in=DECISIONS, becomes__in=DECISIONS),
            ),
        ]


class SignOff(Row):
    """Another physician takes responsibility for one senior finding, with a written reason.

    It holds for the finding as it was (`evidence`) and the prescription as it was (`content`):
    when either changes, it has to be given again. `decision` is the answer that the finding
    stands in; a trigger reads it there and refuses any other level, and a signer who is no other
    physician. Rows from before it was kept have none.
    """

    PREFIX = "sgn"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="sign_offs")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=12)
    evidence = models.JSONField()
    content_sha256 = models.BinaryField(max_length=32)
    reason = models.CharField(max_length=2000)
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="sign_off_with_reason", condition=~Q(reason="")),
        ]


class SigningKey(models.Model):
    """A public key under which a prescription was signed; its id is the hash of the key."""

    key_id = models.CharField(max_length=32, primary_key=True)
    public_key = models.BinaryField(max_length=32)


class Signature(Row):
    """The canonical bytes of an approved prescription, and the service's signature over them."""

    PREFIX = "sig"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    prescription = models.OneToOneField(Prescription, models.PROTECT, related_name="signature")
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="+")
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+")
    content = models.BinaryField()
    signature = models.BinaryField(max_length=64)
    signed_at = models.DateTimeField()

    @property
    def said(self) -> dict[str, Any]:
        """What was signed, read back from its bytes."""
        return cast(dict[str, Any], json.loads(bytes(self.content)))
