"""Shapes in and out."""

from rest_framework import serializers

from backend.api.fields import CivilDate, Code, Flag, Line, Prose, PublicId, Shape, Whole
from backend.api.language import said
from backend.api.out import RowOut, StatefulOut
from backend.formulary.rules import LOTS, Approval, ProductCode


class CreateProductIn(Shape):
    """A product that the clinic takes into its formulary."""

    name = Line(max_length=120)
    strength_mg = Whole(min_value=1, max_value=40, help_text="Milligrams per capsule.")
    code = Code(ProductCode)
    soya_oil = Flag(help_text="Whether it contains soya oil (C-07).")
    gtin = Line(max_length=14, min_length=14, required=False, help_text="GTIN-14: fourteen digits.")
    approval = Code(Approval)

    example = {
        "name": "Isotroin 20",
        "strength_mg": 20,
        "code": "standard",
        "soya_oil": True,
        "gtin": "07680453070343",
        "approval": "unapproved",
    }

    def validate_gtin(self, value: str) -> str:
        """Fourteen ASCII digits with a correct check digit (GS1)."""
        if not (value.isascii() and value.isdigit()) or not _check_digit_fits(value):
            raise serializers.ValidationError(
                said("GTIN-14 ではありません。", "Not a GTIN-14."), code="invalid"
            )
        return value


def _check_digit_fits(gtin: str) -> bool:
    weighted = sum(int(d) * (3 if place % 2 == 0 else 1) for place, d in enumerate(gtin))
    return weighted % 10 == 0


class CreateLotIn(Shape):
    """A lot that arrived."""

    product = PublicId("prd")
    number = Line(max_length=40)
    importer = PublicId("stf", required=False, allow_null=True, help_text="J-20")
    expires_on = CivilDate()

    example = {
        "product": "prd_01jq0000000000000000000000",
        "number": "A1234",
        "importer": "stf_01jq0000000000000000000000",
        "expires_on": "2027-12-31",
    }


class RecallLotIn(Shape):
    """Why the lot is recalled."""

    reason = Prose(max_length=400)

    example = {"reason": "Recalled by the manufacturer."}


class ProductOut(RowOut):
    """A product."""

    name = serializers.CharField(read_only=True)
    strength_mg = serializers.IntegerField(read_only=True, help_text="Milligrams per capsule.")
    code = serializers.CharField(read_only=True)
    soya_oil = serializers.BooleanField(read_only=True)
    gtin = serializers.CharField(read_only=True, help_text="Empty: it has none.")
    approval = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)


class LotOut(StatefulOut):
    """A lot."""

    table = LOTS

    product = PublicId("prd", source="product_id", read_only=True)
    number = serializers.CharField(read_only=True)
    importer = PublicId("stf", source="importer_id", read_only=True, allow_null=True)
    expires_on = serializers.DateField(read_only=True)
    recalled_at = serializers.DateTimeField(read_only=True, allow_null=True)
    recall_reason = serializers.CharField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
