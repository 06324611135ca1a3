"""Shapes of periods, holds and erasures."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.accounts.models import Patient
from backend.accounts.rules import PATIENTS
from backend.api.fields import Code, Prose, PublicId, Shape
from backend.api.language import said
from backend.api.out import RowOut, StatefulOut
from backend.kernel.actor import Actor
from backend.retention.queries import is_over, period_for
from backend.retention.rules import LEGAL_HOLDS, SHORTEST_REASON, ErasureReason, HoldReason

_ID = "01jq8z6c5wf3k9d2m7x4v0n1ab"


def _long_enough(text: str) -> str:
    if len(text.strip()) < SHORTEST_REASON:
        raise serializers.ValidationError(
            said("10文字以上で記入してください。", "At least 10 characters."), code="min_length"
        )
    return text.strip()


class PlaceHoldIn(Shape):
    """Whose record must stay, and why."""

    patient = PublicId("pt")
    reason = Code(HoldReason)
    reason_text = Prose(
        max_length=2000, min_length=SHORTEST_REASON, help_text="At least 10 characters."
    )

    example: ClassVar[dict[str, Any]] = {
        "patient": f"pt_{_ID}",
        "reason": "litigation",
        "reason_text": "東京地裁 令和8年(ワ)第100号 の証拠保全のため。",
    }

    def validate_reason_text(self, text: str) -> str:
        """The text without space around it, or `min_length`."""
        return _long_enough(text)


class LiftHoldIn(Shape):
    """Why it need not stand any more."""

    lift_reason = Prose(
        max_length=2000, min_length=SHORTEST_REASON, help_text="At least 10 characters."
    )

    example: ClassVar[dict[str, Any]] = {"lift_reason": "和解が成立し、訴訟が終了したため。"}

    def validate_lift_reason(self, text: str) -> str:
        """The text without space around it, or `min_length`."""
        return _long_enough(text)


class LegalHoldOut(StatefulOut):
    """A legal hold: who placed it, why, and who lifted it."""

    table = LEGAL_HOLDS

    patient = PublicId("pt", source="patient_id", read_only=True)
    reason = serializers.ChoiceField(choices=[r.value for r in HoldReason], read_only=True)
    reason_text = serializers.CharField(read_only=True)
    placed_at = serializers.DateTimeField(read_only=True, help_text="On the patient's clock.")
    placed_by = PublicId("usr", source="placed_by_id", read_only=True)
    lifted_at = serializers.DateTimeField(read_only=True, allow_null=True)
    lifted_by = PublicId("usr", source="lifted_by_id", read_only=True, allow_null=True)
    lift_reason = serializers.CharField(read_only=True, allow_null=True)


class RetentionOut(RowOut):
    """How long a patient's record is kept. No name: id, days and what stands in the way."""

    id = serializers.CharField(source="ref", read_only=True, help_text="The patient's id.")
    last_entry_on = serializers.DateField(
        read_only=True, help_text="Civil day of the last treatment or entry, where they live."
    )
    years = serializers.SerializerMethodField(help_text="How long after it, as the clinic set it.")
    law = serializers.SerializerMethodField(help_text="The law or code that says so.")
    retained_until = serializers.DateField(read_only=True, help_text="The last day of the period.")
    is_over = serializers.SerializerMethodField(help_text="Whether that day has passed.")
    is_held = serializers.BooleanField(read_only=True, help_text="Whether a legal hold stands.")
    open = serializers.ListField(
        child=serializers.CharField(),
        source="open_things",
        read_only=True,
        help_text="What still goes on: course, prescription, visit, task.",
    )
    available_actions = serializers.SerializerMethodField(
        help_text="`erase`, where you may and nothing stands in the way: POST …/{id}/erase."
    )

    def get_years(self, patient: Patient) -> int:
        """As set for the programme."""
        return period_for(patient).years

    def get_law(self, patient: Patient) -> str:
        """Of the period."""
        return period_for(patient).source

    def get_is_over(self, patient: Patient) -> bool:
        """By the patient's clock."""
        return is_over(patient)

    def get_available_actions(self, patient: Any) -> list[str]:
        """`erase` or nothing."""
        actor: Actor = self.context["actor"]
        may = "erase" in PATIENTS.available(patient.status, actor.role)
        free = is_over(patient) and not patient.is_held and not patient.open_things
        return ["erase"] if may and free else []


class ErasePatientIn(Shape):
    """Why. A patient's request shortens no period: the answer says until when the law keeps it."""

    reason = Code(ErasureReason)

    example: ClassVar[dict[str, Any]] = {"reason": "retention_ended"}


class ErasureOut(RowOut):
    """That a patient was erased: what is left is an id that leads to nobody."""

    patient = serializers.CharField(source="patient_ref", read_only=True)
    reason = serializers.ChoiceField(choices=[r.value for r in ErasureReason], read_only=True)
    years = serializers.IntegerField(read_only=True)
    last_entry_on = serializers.DateField(read_only=True)
    retained_until = serializers.DateField(read_only=True)
    erased_at = serializers.DateTimeField(read_only=True, help_text="On the patient's clock.")
    erased_by = serializers.CharField(read_only=True, help_text="Role and account.")
