"""A course of treatment, its halts and what cleared them."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q, Sum

from backend.accounts.models import Patient, User
from backend.db import Row, together

OPEN = Q(status__in=["not_started", "running", "halted"])


class Course(Row):
    """One course of isotretinoin for one patient, from plan to end.

    `number` = how many courses ended before it, and one. `started_on`, `ended_on`: civil days of
    the first and the last dose. `next_course_allowed_at`: when a physician decided that another
    course may follow this one.
    """

    PREFIX = "crs"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="courses")
    number = models.PositiveSmallIntegerField(help_text="1 = the patient's first course.")
    indication = models.CharField(max_length=12, null=True)
    status = models.CharField(max_length=12, default="not_started")
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=20, null=True)
    halted_at = models.DateTimeField(null=True)
    halt_reason = models.CharField(max_length=40, null=True)
    next_course_allowed_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="course_status_known",
                condition=Q(status__in=["not_started", "running", "halted", "ended", "cancelled"]),
            ),
            models.UniqueConstraint(
                name="course_one_open_per_patient", fields=["patient"], condition=OPEN
            ),
            models.CheckConstraint(name="course_number_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="course_indication_known",
                condition=Q(indication__isnull=True)
                | Q(indication__in=["acne", "rosacea", "cosmetic"]),
            ),
            # A course may be halted before its first dose: then it has no first day.
            models.CheckConstraint(
                name="course_started_on_fits_status",
                condition=(~Q(status__in=["running", "ended"]) | Q(started_on__isnull=False))
                & (~Q(status__in=["not_started", "cancelled"]) | Q(started_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="course_ended_with_day_and_reason",
                condition=Q(status="ended", ended_on__isnull=False, end_reason__isnull=False)
                | (~Q(status="ended") & Q(ended_on__isnull=True, end_reason__isnull=True)),
            ),
            models.CheckConstraint(
                name="course_ends_after_it_starts",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
            ),
            models.CheckConstraint(
                name="course_halted_at_and_reason_together",
                condition=together("halted_at", "halt_reason"),
            ),
            models.CheckConstraint(
                name="course_halted_at_when_halted",
                condition=~Q(status="halted") | Q(halted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="course_next_only_after_end",
                condition=Q(next_course_allowed_at__isnull=True) | Q(status="ended"),
            ),
        ]
        indexes = [models.Index(fields=["patient", "id"], name="course_by_patient")]

    @property
    def dispensed_mg(self) -> Decimal:
        """Milligrams handed over in this course, returns taken off (feature 4). One query."""
        return dispensed_mg(self.prescriptions.all())


def dispensed_mg(rows: models.QuerySet[Any]) -> Decimal:
    """Milligrams handed over on these prescriptions, returns taken off: capsules x strength."""
    kept = F("dispensed_capsules") - F("returned_capsules")
    total = rows.aggregate(mg=Sum(kept * F("product__strength_mg")))["mg"]
    return Decimal(total or 0)


class CourseHalt(Row):
    """One halt: why, and on which findings. Append-only."""

    PREFIX = "hlt"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="halts")
    reason_code = models.CharField(max_length=40)
    findings = models.JSONField(default=list)
    halted_by = models.CharField(max_length=120)
    halted_at = models.DateTimeField()


class CourseClearance(Row):
    """What let a halted course go on: a specialist's clearance, a senior's reason. Append-only."""

    PREFIX = "clr"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="clearances")
    specialist = models.CharField(max_length=120)
    cleared_on = models.DateField()
    note = models.CharField(max_length=2000)
    reason = models.CharField(max_length=2000)
    resumed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    resumed_at = models.DateTimeField()
