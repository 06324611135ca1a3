"""Products and lots of one clinic."""

from datetime import date

from django.db import models
from django.db.models import Q

from backend.accounts.models import Clinic, StaffMember
from backend.db import Row, together


class Product(Row):
    """One isotretinoin capsule of one strength, as the clinic stocks it."""

    PREFIX = "prd"

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="products")
    name = models.CharField(max_length=120)
    strength_mg = models.PositiveSmallIntegerField(help_text="Milligrams per capsule.")
    code = models.CharField(max_length=12, default="standard", help_text="D-06")
    soya_oil = models.BooleanField(help_text="C-07")
    gtin = models.CharField(max_length=14, blank=True, help_text="GTIN-14, if it has one.")
    approval = models.CharField(max_length=12, default="unapproved", help_text="J-21")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="product_code_known",
                condition=Q(code__in=["standard", "lidose", "micronised"]),
            ),
            models.CheckConstraint(
                name="product_approval_known", condition=Q(approval__in=["unapproved", "approved"])
            ),
            models.CheckConstraint(
                name="product_strength_in_range",
                condition=Q(strength_mg__gte=1, strength_mg__lte=40),
            ),
            models.CheckConstraint(
                name="product_gtin_14_digits", condition=Q(gtin="") | Q(gtin__regex=r"^\d{14}$")
            ),
            models.UniqueConstraint(
                name="product_gtin_once", fields=["clinic", "gtin"], condition=~Q(gtin="")
            ),
            models.UniqueConstraint(
                name="product_name_once", fields=["clinic", "name", "strength_mg", "code"]
            ),
        ]


class Lot(Row):
    """A batch of a product. Imported stock belongs to the physician who imported it (J-20)."""

    PREFIX = "lot"

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="lots")
    product = models.ForeignKey(Product, models.PROTECT, related_name="lots")
    number = models.CharField(max_length=40)
    importer = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, related_name="+", help_text="None: not imported."
    )
    expires_on = models.DateField()
    status = models.CharField(max_length=10, default="in_use")
    recalled_at = models.DateTimeField(null=True)
    recall_reason = models.CharField(max_length=400, null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lot_status_known", condition=Q(status__in=["in_use", "recalled"])
            ),
            models.CheckConstraint(
                name="lot_recalled_with_at_and_reason",
                condition=together("recalled_at", "recall_reason"),
            ),
            models.CheckConstraint(
                name="lot_recalled_at_when_recalled",
                condition=Q(status="recalled", recalled_at__isnull=False)
                | (~Q(status="recalled") & Q(recalled_at__isnull=True)),
            ),
            models.UniqueConstraint(name="lot_number_once", fields=["product", "number"]),
        ]

    @property
    def importer_code(self) -> str:
        """What `prescription.lot_importer` says: the importer's ref, or `none` (J-20)."""
        return self.importer.prescriber_code if self.importer else "none"

    def lasts_through(self, day: date) -> bool:
        """Whether the capsules are still good on that day (the day of expiry is the last)."""
        return day <= self.expires_on
