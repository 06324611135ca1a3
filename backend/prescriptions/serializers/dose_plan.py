"""The dose planner: what is wanted, and the plan. Nothing is stored."""

from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api.fields import CivilDate, Code, DecimalText, PublicId, Shape, Whole
from backend.api.language import reader_language
from backend.formulary.rules import ProductCode
from backend.prescriptions.dose_plan import PlanForCourse
from backend.prescriptions.serializers.decisions import DecidedFindingOut
from backend.prescriptions.wording import finding_in
from backend.protocol.plan_check import rules_of

PLACES = 1000  # mg and mg/kg are shown in thousandths, rounded down: never above what is true


class PlanDoseCourseIn(Shape):
    """The doses in mind."""

    target_daily_mg_per_kg = DecimalText(
        max_digits=4,
        decimal_places=3,
        min_value=Decimal("0.05"),
        max_value=Decimal(2),
        help_text="mg/kg/day; the plan never passes it.",
    )
    target_cumulative_mg_per_kg = DecimalText(
        max_digits=6,
        decimal_places=3,
        min_value=Decimal(1),
        max_value=Decimal(300),
        help_text="mg/kg in all, with what was dispensed; the plan never passes it.",
    )
    days_per_supply = Whole(
        min_value=7, max_value=30, required=False, help_text="30 unless it is said (D-17)."
    )
    doses_per_day = Whole(min_value=1, max_value=2, required=False, help_text="1 or 2 (D-04).")
    product = Code(
        ProductCode, required=False, help_text="Unless it is said the last one, else standard."
    )
    starts_on = CivilDate(required=False, help_text="First dose day; today unless it is said.")

    example: ClassVar[dict[str, Any]] = {
        "target_daily_mg_per_kg": "0.5",
        "target_cumulative_mg_per_kg": "120",
        "days_per_supply": 30,
    }


class CapsulesOut(serializers.Serializer):
    """Capsules of one strength."""

    strength_mg = serializers.IntegerField(help_text="Milligrams per capsule.")
    capsules = serializers.IntegerField()


class SupplyOut(serializers.Serializer):
    """One supply: a point of the curve of the cumulative dose."""

    number = serializers.IntegerField(help_text="From 1.")
    starts_on = serializers.DateField()
    days = serializers.IntegerField(help_text="The last supply may be shorter.")
    capsules = CapsulesOut(many=True)
    mg = serializers.IntegerField(help_text="Milligrams of this supply.")
    cumulative_mg = serializers.CharField(help_text="A decimal; of the course, with this supply.")
    cumulative_mg_per_kg = serializers.CharField(help_text="A decimal.")
    rules = serializers.ListField(
        child=serializers.CharField(), help_text="The dosing rules that object to it."
    )


class ObjectionOut(DecidedFindingOut):
    """What a dosing rule says of the plan."""

    supplies = serializers.ListField(
        child=serializers.IntegerField(), help_text="Of which supplies, by number."
    )


class DosePlanOut(serializers.Serializer):
    """A plan. Decision support: the physician decides, and writes each prescription."""

    course = PublicId("crs")
    pack = serializers.CharField()
    pack_version = serializers.CharField()
    weight_kg = serializers.CharField(help_text="A decimal; the newest weight.")
    weighed_on = serializers.DateField()
    product = serializers.CharField(help_text="standard, lidose or micronised.")
    strengths_mg = serializers.ListField(
        child=serializers.IntegerField(), help_text="Capsules of it that the clinic holds."
    )
    daily_mg = serializers.IntegerField(help_text="Milligrams per day, rounded down to capsules.")
    dose_mg_per_kg_day = serializers.CharField(help_text="A decimal; what that reaches.")
    capsules_per_day = CapsulesOut(many=True)
    days_per_supply = serializers.IntegerField()
    days = serializers.IntegerField(help_text="Days of treatment that remain.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(
        allow_null=True, help_text="The last dose day; null when nothing is left to take."
    )
    dispensed_mg = serializers.CharField(help_text="A decimal; handed over less returned.")
    dispensed_mg_per_kg = serializers.CharField(help_text="A decimal.")
    cumulative_mg = serializers.CharField(help_text="A decimal; at the end.")
    cumulative_mg_per_kg = serializers.CharField(help_text="A decimal; at the end.")
    limit_mg_per_kg = serializers.CharField(
        help_text="A decimal; the pack's limit of the total, which the plan never passes (D-08)."
    )
    supplies = serializers.SerializerMethodField(help_text="In their order.")
    findings = serializers.SerializerMethodField(help_text="The most severe first.")

    def to_representation(self, said: PlanForCourse) -> dict[str, Any]:
        """The plan as JSON; `supplies` and `findings` by their methods."""
        plan = said.plan
        return {
            "course": said.course.ref,
            "pack": said.pack.id,
            "pack_version": said.pack.version,
            "weight_kg": _decimal(Fraction(plan.weight_kg)),
            "weighed_on": str(said.weight.on),
            "product": said.product,
            "strengths_mg": list(said.strengths_mg),
            "daily_mg": plan.daily_mg,
            "dose_mg_per_kg_day": _decimal(plan.dose_mg_per_kg_day),
            "capsules_per_day": _capsules(plan.capsules),
            "days_per_supply": said.wish.days_per_supply,
            "days": plan.days,
            "starts_on": str(plan.starts_on),
            "ends_on": str(plan.ends_on) if plan.ends_on else None,
            "dispensed_mg": _decimal(plan.dispensed_mg),
            "dispensed_mg_per_kg": _decimal(plan.dispensed_mg / Fraction(plan.weight_kg)),
            "cumulative_mg": _decimal(plan.cumulative_mg),
            "cumulative_mg_per_kg": _decimal(plan.cumulative_mg_per_kg),
            "limit_mg_per_kg": _decimal(Fraction(said.limit_mg_per_kg)),
            "supplies": self.get_supplies(said),
            "findings": self.get_findings(said),
        }

    @extend_schema_field(SupplyOut(many=True))
    def get_supplies(self, said: PlanForCourse) -> list[dict[str, Any]]:
        """Each with the rules that object to it."""
        weight = Fraction(said.plan.weight_kg)
        rules = rules_of(said.objections, len(said.plan.supplies))
        return [
            {
                "number": supply.number,
                "starts_on": str(supply.starts_on),
                "days": supply.days,
                "capsules": _capsules(supply.capsules),
                "mg": supply.mg,
                "cumulative_mg": _decimal(supply.cumulative_mg),
                "cumulative_mg_per_kg": _decimal(supply.cumulative_mg / weight),
                "rules": list(rules[supply.number]),
            }
            for supply in said.plan.supplies
        ]

    @extend_schema_field(ObjectionOut(many=True))
    def get_findings(self, said: PlanForCourse) -> list[dict[str, Any]]:
        """In the reader's language."""
        language = reader_language()
        return [
            finding_in(one.finding, language, supplies=list(one.supplies))
            for one in said.objections
        ]


def _capsules(counts: tuple[tuple[int, int], ...]) -> list[dict[str, int]]:
    return [{"strength_mg": strength, "capsules": count} for strength, count in counts]


def _decimal(number: Fraction) -> str:
    text = format(Decimal(number * PLACES // 1) / PLACES, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
