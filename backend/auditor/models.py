"""Exports of the trail that somebody asked for, and their bytes, sealed, while they are kept."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from backend.accounts.models import Clinic, User
from backend.audit.models import BundleManifest
from backend.db import Row, together

STATUSES = ["requested", "building", "signing", "ready", "failed", "expired"]
UNDER_WAY = ["requested", "building", "signing"]


class AuditExport(Row):
    """A bundle for one patient, who is named as the trail names her, or for a period.

    `shows`: the pseudonyms of everybody whose records are in it; `opens`: of those whose facts or
    rows it shows, which none may outlive. `epoch` grows with each try, and only its holder writes.
    """

    PREFIX = "exp"

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    pseudonym = models.CharField(max_length=40, null=True)
    recorded_from = models.DateTimeField(null=True)
    recorded_until = models.DateTimeField(null=True)
    with_rows = models.BooleanField(help_text="Rows before and after, beside the acts' facts.")
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    status = models.CharField(max_length=9, default="requested")
    lease_until = models.DateTimeField(null=True)
    epoch = models.PositiveSmallIntegerField(default=0)
    manifest = models.ForeignKey(BundleManifest, models.PROTECT, null=True, related_name="+")
    entries = models.BigIntegerField(null=True)
    tree_size = models.BigIntegerField(null=True)
    unsealed = models.BigIntegerField(null=True)
    size_bytes = models.BigIntegerField(null=True)
    shows = ArrayField(models.CharField(max_length=40), default=list)
    opens = ArrayField(models.CharField(max_length=40), default=list)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audit_export_status_known", condition=Q(status__in=STATUSES)
            ),
            models.CheckConstraint(
                name="audit_export_of_a_patient_or_a_period",
                condition=Q(pseudonym__isnull=False, recorded_from__isnull=True)
                | Q(pseudonym__isnull=True, recorded_from__isnull=False),
            ),
            models.CheckConstraint(
                name="audit_export_period_whole",
                condition=together("recorded_from", "recorded_until"),
            ),
            models.CheckConstraint(
                name="audit_export_building_on_lease",
                condition=Q(status="building", lease_until__isnull=False)
                | (~Q(status="building") & Q(lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="audit_export_ready_is_signed",
                condition=~Q(status="ready")
                | Q(manifest__isnull=False, ready_at__isnull=False, expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="audit_export_failed_says_why",
                condition=Q(status="failed") & ~Q(failure="") | ~Q(status="failed") & Q(failure=""),
            ),
            models.UniqueConstraint(
                name="audit_export_one_at_a_time",
                fields=["requested_by"],
                condition=Q(status__in=UNDER_WAY),
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "id"], name="audit_export_by_clinic"),
            models.Index(
                fields=["id"],
                name="audit_export_unfinished",
                condition=Q(status__in=[*UNDER_WAY, "ready"]),
            ),
        ]


class AuditExportPart(models.Model):
    """A piece of an export's file, sealed; gone when the export is."""

    export = models.ForeignKey(AuditExport, models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "number"], name="audit_export_part_once"),
        ]
