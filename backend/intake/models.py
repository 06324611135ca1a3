"""Responses to questionnaires, and signatures under consent documents."""

from django.db import models
from django.db.models import Q

from backend.accounts.models import Patient
from backend.db import Row, together
from backend.intake.rules import SignatureStatus
from backend.protocol.findings import Decision


class IntakeResponse(Row):
    """A patient's answers to one version of a questionnaire, and what the pre-screen said.

    `findings` are those of the protocol's purpose `intake`, for the clinic; the patient reads
    `backend.intake.guidance`. A submitted response never changes (trigger).
    """

    PREFIX = "ir"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    questionnaire = models.CharField(max_length=60)
    questionnaire_sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=12, default="draft")
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=8, null=True)
    pack = models.CharField(max_length=40, null=True)
    pack_version = models.CharField(max_length=80, null=True)
    findings = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="intake_response_status_known",
                condition=Q(status__in=["draft", "submitted", "discarded"]),
            ),
            models.CheckConstraint(
                name="intake_response_decision_known",
                condition=Q(decision__isnull=True)
                | Q(decision__in=[decision.value for decision in Decision]),
            ),
            models.CheckConstraint(
                name="intake_response_assessed_together",
                condition=together("submitted_at", "decision", "pack", "pack_version", "findings"),
            ),
            models.CheckConstraint(
                name="intake_response_assessed_when_submitted",
                condition=Q(status="submitted", submitted_at__isnull=False)
                | (~Q(status="submitted") & Q(submitted_at__isnull=True)),
            ),
            models.UniqueConstraint(
                name="intake_response_one_draft",
                fields=["patient"],
                condition=Q(status="draft"),
            ),
        ]
        indexes = [models.Index(fields=["patient", "-id"], name="intake_response_by_patient")]


class ConsentSignature(Row):
    """A signature under one version of a document: the text as shown, its hash, name and time.

    Append-only except for one withdrawal (trigger).
    """

    PREFIX = "csg"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    document = models.CharField(max_length=60)
    code = models.CharField(max_length=32)
    language = models.CharField(max_length=2)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    typed_name = models.CharField(max_length=120)
    disclosures = models.JSONField(default=list)
    signed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=120, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="consent_signature_once",
                fields=["patient", "document"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="consent_signature_withdrawn_together",
                condition=together("withdrawn_at", "withdrawn_by"),
            ),
            models.CheckConstraint(
                name="consent_signature_language_known", condition=Q(language__in=["ja", "en"])
            ),
            models.CheckConstraint(
                name="consent_signature_hash_form", condition=Q(text_sha256__regex="^[0-9a-f]{64}$")
            ),
        ]
        indexes = [models.Index(fields=["patient", "-id"], name="consent_signature_by_patient")]

    @property
    def status(self) -> str:
        """Signed, or withdrawn."""
        withdrawn = self.withdrawn_at is not None
        return (SignatureStatus.WITHDRAWN if withdrawn else SignatureStatus.SIGNED).value
