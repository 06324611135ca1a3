"""A prescription, from draft to hand-over. No decisions here: facts and constraints."""

from django.db import models
from django.db.models import F, Q

from backend.accounts.models import Clinic, Patient, Pharmacy, User
from backend.booking.models import Visit
from backend.db import Row, together
from backend.formulary.models import Lot, Product
from backend.prescriptions.models.course import Course
from backend.prescriptions.rules import Priority

ISSUED = ["approved", "claimed", "partially_dispensed"]
OPEN = ["draft", "in_review", "returned", *ISSUED]
STATUSES = [*OPEN, "declined", "cancelled", "dispensed", "voided", "expired", "rejected"]
SIGNED = [*ISSUED, "dispensed", "expired", "rejected"]


class Prescription(Row):
    """One supply of one product: `capsules` = daily_mg / strength x days, a whole number.

    `decided_by`, `decided_at`: who approved or declined it. `issued_on`, `valid_until`: first and
    last civil day, where the patient lives, on which it may be handed over (J-16, J-17).
    `dispensed_capsules` and `returned_capsules` are kept by the pharmacy's ledger.
    Once it is signed a trigger refuses any change of what was signed.
    """

    PREFIX = "rx"

    patient = models.ForeignKey(
        Patient, models.PROTECT, related_name="prescriptions", db_index=False
    )
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+", db_index=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="prescriptions")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="prescriptions")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="prescriptions")
    daily_mg = models.PositiveSmallIntegerField(help_text="Milligrams per day.")
    days = models.PositiveSmallIntegerField(help_text="Days of supply (D-17, D-18).")
    doses_per_day = models.PositiveSmallIntegerField(help_text="1 or 2 (D-04).")
    capsules = models.PositiveSmallIntegerField(help_text="Capsules prescribed.")
    route = models.CharField(max_length=10)
    status = models.CharField(max_length=20, default="draft")
    priority = models.PositiveSmallIntegerField(default=2, help_text="1 urgent, 2 normal.")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    issued_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    decline_reason = models.CharField(max_length=24, null=True)
    decline_text_ja = models.CharField(max_length=1000, null=True)
    decline_text_en = models.CharField(max_length=1000, null=True)
    return_reason = models.CharField(max_length=24, null=True)
    return_note = models.CharField(max_length=2000, null=True)
    void_reason = models.CharField(max_length=24, null=True)
    voided_at = models.DateTimeField(null=True)
    reject_reason = models.CharField(max_length=40, null=True)
    claimed_by = models.ForeignKey(Pharmacy, models.PROTECT, null=True, related_name="+")
    claim_lapses_at = models.DateTimeField(null=True)
    dispensed_capsules = models.PositiveSmallIntegerField(default=0)
    returned_capsules = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="prescription_status_known", condition=Q(status__in=STATUSES)
            ),
            models.UniqueConstraint(
                name="prescription_one_open_per_course",
                fields=["course"],
                condition=Q(status__in=OPEN),
            ),
            models.CheckConstraint(
                name="prescription_daily_mg_in_range",
                condition=Q(daily_mg__gte=1, daily_mg__lte=200),
            ),
            models.CheckConstraint(
                name="prescription_days_in_range", condition=Q(days__gte=1, days__lte=30)
            ),
            models.CheckConstraint(
                name="prescription_doses_per_day_known", condition=Q(doses_per_day__in=[1, 2])
            ),
            models.CheckConstraint(
                name="prescription_capsules_from_1", condition=Q(capsules__gte=1)
            ),
            models.CheckConstraint(
                name="prescription_dispensed_within_capsules",
                condition=Q(dispensed_capsules__gte=0, dispensed_capsules__lte=F("capsules")),
            ),
            models.CheckConstraint(
                name="prescription_returned_within_dispensed",
                condition=Q(
                    returned_capsules__gte=0, returned_capsules__lte=F("dispensed_capsules")
                ),
            ),
            models.CheckConstraint(
                name="prescription_route_known", condition=Q(route__in=["in_house", "pharmacy"])
            ),
            models.CheckConstraint(
                name="prescription_priority_known", condition=Q(priority__in=[1, 2])
            ),
            models.CheckConstraint(
                name="prescription_decided_by_and_at_together",
                condition=together("decided_by", "decided_at"),
            ),
            models.CheckConstraint(
                name="prescription_signed_is_decided_and_dated",
                condition=~Q(status__in=SIGNED)
                | Q(decided_by__isnull=False, issued_on__isnull=False),
            ),
            models.CheckConstraint(
                name="prescription_issued_on_and_valid_until",
                condition=together("issued_on", "valid_until")
                & (Q(issued_on__isnull=True) | Q(valid_until__gte=F("issued_on"))),
            ),
            models.CheckConstraint(
                name="prescription_declined_with_reason_and_words",
                condition=~Q(status="declined")
                | Q(
                    decided_by__isnull=False,
                    decline_reason__isnull=False,
                    decline_text_ja__isnull=False,
                    decline_text_en__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="prescription_submitted_at_when_in_review",
                condition=~Q(status="in_review") | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="prescription_void_reason_and_at_together",
                condition=together("void_reason", "voided_at"),
            ),
            models.CheckConstraint(
                name="prescription_voided_when_voided",
                condition=Q(status="voided", voided_at__isnull=False)
                | (~Q(status="voided") & Q(voided_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="prescription_claim_has_pharmacy_and_end",
                condition=together("claimed_by", "claim_lapses_at")
                & (
                    ~Q(status__in=["claimed", "partially_dispensed", "dispensed"])
                    | Q(claimed_by__isnull=False)
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "status", "priority", "submitted_at", "id"],
                name="prescription_worklist",
            ),
            models.Index(fields=["clinic", "id"], name="prescription_by_clinic"),
            models.Index(fields=["patient", "id"], name="prescription_by_patient"),
            models.Index(
                fields=["valid_until"],
                name="prescription_open_until",
                condition=Q(status__in=ISSUED),
            ),
        ]

    @property
    def priority_code(self) -> str:
        """The priority in words: urgent, normal."""
        return list(Priority)[self.priority - 1].value
