"""Prescriptions: what is asked, and what each kind of reader is shown."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.api.fields import Code, Line, Prose, PublicId, Shape, Whole
from backend.api.out import StatefulOut
from backend.kernel.actor import Actor, Role
from backend.prescriptions.dosage import Content
from backend.prescriptions.rules import (
    PHYSICIANS_VOID_REASONS,
    PRESCRIPTIONS,
    DeclineReason,
    Priority,
    ReturnReason,
    Route,
)


class UpdatePrescriptionIn(Shape):
    """The whole content of a draft."""

    visit = PublicId("vis")
    product = PublicId("prd")
    lot = PublicId("lot")
    daily_mg = Whole(min_value=1, max_value=200, help_text="Milligrams per day.")
    days = Whole(min_value=1, max_value=30, help_text="Days of supply (D-18).")
    doses_per_day = Whole(min_value=1, max_value=2)
    route = Code(Route)
    priority = Code(Priority, required=False, help_text="normal, unless it is said.")

    example: ClassVar[dict[str, Any]] = {
        "visit": "vis_01jq0000000000000000000000",
        "product": "prd_01jq0000000000000000000000",
        "lot": "lot_01jq0000000000000000000000",
        "daily_mg": 20,
        "days": 30,
        "doses_per_day": 1,
        "route": "in_house",
    }


class DraftPrescriptionIn(UpdatePrescriptionIn):
    """A draft on a course."""

    course = PublicId("crs")

    example: ClassVar[dict[str, Any]] = {
        "course": "crs_01jq0000000000000000000000",
        **UpdatePrescriptionIn.example,
    }


def content_of(asked: dict[str, Any]) -> Content:
    """The content that a body asks for."""
    return Content(
        visit_id=asked["visit"],
        product_id=asked["product"],
        lot_id=asked["lot"],
        daily_mg=asked["daily_mg"],
        days=asked["days"],
        doses_per_day=asked["doses_per_day"],
        route=asked["route"],
        priority=Priority(asked.get("priority", Priority.NORMAL)).rank,
    )


class DeclinePrescriptionIn(Shape):
    """Why, in a code and in words for the patient."""

    reason = Code(DeclineReason)
    patient_text_ja = Prose(max_length=1000)
    patient_text_en = Prose(max_length=1000)

    example = {
        "reason": "interaction",
        "patient_text_ja": "現在服用中のお薬と一緒には処方できません。",
        "patient_text_en": "It cannot be prescribed beside a medicine that you take now.",
    }


class ReturnPrescriptionIn(Shape):
    """What is to be changed."""

    reason = Code(ReturnReason)
    note = Prose(max_length=2000)

    example = {"reason": "dose", "note": "20 mg, please: she weighs 52 kg."}


class VoidPrescriptionIn(Shape):
    """Why it is void."""

    reason = Code(PHYSICIANS_VOID_REASONS)

    example = {"reason": "clinical_change"}


class SignOffPrescriptionIn(Shape):
    """Which senior finding, and why it may go on."""

    rule = Line(max_length=12, help_text="The rule of the finding, for example D-02.")
    reason = Prose(max_length=2000)
    evidence = serializers.DictField(
        child=Line(max_length=2000),
        required=False,
        help_text="That of the finding, where the rule has several.",
    )

    example = {"rule": "C-20", "reason": "In remission for three years; gastroenterology agrees."}


class PrescriptionOut(StatefulOut):
    """A prescription. A field that is not required is shown only to some roles."""

    table = PRESCRIPTIONS
    hidden: ClassVar[frozenset[str]] = frozenset({"patient_name_kana"})

    patient = PublicId("pt", source="patient_id", read_only=True)
    course = PublicId("crs", source="course_id", read_only=True)
    product = PublicId("prd", source="product_id", read_only=True)
    product_name = serializers.CharField(source="product.name", read_only=True)
    strength_mg = serializers.IntegerField(
        source="product.strength_mg", read_only=True, help_text="Milligrams per capsule."
    )
    daily_mg = serializers.IntegerField(read_only=True, help_text="Milligrams per day.")
    days = serializers.IntegerField(read_only=True, help_text="Days of supply.")
    doses_per_day = serializers.IntegerField(read_only=True)
    capsules = serializers.IntegerField(read_only=True, help_text="Capsules prescribed.")
    dispensed_capsules = serializers.IntegerField(read_only=True)
    returned_capsules = serializers.IntegerField(read_only=True)
    route = serializers.CharField(read_only=True)
    issued_on = serializers.DateField(read_only=True, allow_null=True)
    valid_until = serializers.DateField(
        read_only=True, allow_null=True, help_text="The last civil day on which it is dispensed."
    )
    void_reason = serializers.CharField(read_only=True, allow_null=True)
    voided_at = serializers.DateTimeField(read_only=True, allow_null=True)
    # Shown to some.
    visit = PublicId("vis", source="visit_id", required=False)
    lot = PublicId("lot", source="lot_id", required=False)
    priority = serializers.CharField(source="priority_code", required=False)
    created_at = serializers.DateTimeField(required=False)
    submitted_at = serializers.DateTimeField(required=False, allow_null=True)
    decided_at = serializers.DateTimeField(required=False, allow_null=True)
    decline_reason = serializers.CharField(required=False, allow_null=True)
    decline_text_ja = serializers.CharField(required=False, allow_null=True)
    decline_text_en = serializers.CharField(required=False, allow_null=True)
    return_reason = serializers.CharField(required=False, allow_null=True)
    return_note = serializers.CharField(required=False, allow_null=True)
    reject_reason = serializers.CharField(required=False, allow_null=True)
    claimed_by = PublicId("ph", source="claimed_by_id", required=False, allow_null=True)
    claim_lapses_at = serializers.DateTimeField(required=False, allow_null=True)
    lot_number = serializers.CharField(source="lot.number", required=False)
    patient_name = serializers.CharField(source="patient.name", required=False)
    patient_name_kana = serializers.CharField(source="patient.name_kana", required=False)
    patient_birth_on = serializers.DateField(source="patient.birth_on", required=False)

    def get_fields(self) -> dict[str, Any]:
        """The fields that this kind of reader is shown."""
        fields = super().get_fields()
        return {name: field for name, field in fields.items() if name not in self.hidden}


class PrescriptionForPharmacyOut(PrescriptionOut):
    """What a pharmacy needs to hand it over: no findings, no notes, nothing of the review."""

    hidden = frozenset(
        {
            "visit",
            "priority",
            "created_at",
            "submitted_at",
            "decline_reason",
            "decline_text_ja",
            "decline_text_en",
            "return_reason",
            "return_note",
        }
    )


class PrescriptionForPatientOut(PrescriptionOut):
    """What the patient is shown: words of a decline, nothing of the review."""

    hidden = frozenset(
        {
            "priority",
            "created_at",
            "decline_reason",
            "return_reason",
            "return_note",
            "reject_reason",
            "patient_name_kana",
        }
    )


_OUT: dict[Role, type[PrescriptionOut]] = {
    Role.PATIENT: PrescriptionForPatientOut,
    Role.PHARMACY_CLIENT: PrescriptionForPharmacyOut,
}


def out_for(actor: Actor) -> type[PrescriptionOut]:
    """What this reader is shown of a prescription."""
    return _OUT.get(actor.role, PrescriptionOut)
