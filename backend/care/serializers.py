"""Shapes of emergency accesses."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend import clock
from backend.api.fields import Code, Prose, PublicId, Shape
from backend.api.language import said
from backend.api.out import StatefulOut
from backend.care.models import EmergencyAccess
from backend.care.rules import (
    EMERGENCY_ACCESSES,
    SHORTEST_REASON,
    EmergencyReason,
    ReviewOutcome,
    may_end,
    may_review,
)
from backend.kernel.actor import Actor

_ID = "01jq8z6c5wf3k9d2m7x4v0n1ab"


class BreakGlassIn(Shape):
    """Whose record, and why. The reason is read by whoever reviews it, and by the patient."""

    patient = PublicId("pt")
    reason = Code(EmergencyReason)
    reason_text = Prose(
        max_length=2000,
        min_length=SHORTEST_REASON,
        help_text="At least 10 characters; no more about the patient's health than it takes.",
    )

    example: ClassVar[dict[str, Any]] = {
        "patient": f"pt_{_ID}",
        "reason": "covering_colleague",
        "reason_text": "担当医が不在のため、患者からの電話に対応します。",
    }

    def validate_reason_text(self, text: str) -> str:
        """The text without space around it, or `min_length`."""
        if len(text.strip()) < SHORTEST_REASON:
            raise serializers.ValidationError(
                said("10文字以上で記入してください。", "At least 10 characters."),
                code="min_length",
            )
        return text.strip()


class ReviewEmergencyAccessIn(Shape):
    """The verdict."""

    outcome = Code(ReviewOutcome)
    note = Prose(max_length=2000)

    example: ClassVar[dict[str, Any]] = {
        "outcome": "justified",
        "note": "当直医として電話に対応したことを確認した。",
    }


class EmergencyAccessOut(StatefulOut):
    """An emergency access."""

    table = EMERGENCY_ACCESSES

    patient = PublicId("pt", source="patient_id", read_only=True)
    opened_by = PublicId("usr", source="opened_by_id", read_only=True)
    reason = serializers.ChoiceField(choices=[r.value for r in EmergencyReason], read_only=True)
    reason_text = serializers.CharField(read_only=True)
    granted_at = serializers.DateTimeField(read_only=True, help_text="On the patient's clock.")
    expires_at = serializers.DateTimeField(read_only=True, help_text="Open until just before.")
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)
    is_open = serializers.SerializerMethodField(help_text="Whether it opens the record now.")
    task = serializers.CharField(source="task.ref", read_only=True, help_text="To review it.")
    alerted_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When the administrators were written to."
    )
    reviewed_by = PublicId("usr", source="reviewed_by_id", read_only=True, allow_null=True)
    reviewed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    outcome = serializers.ChoiceField(
        choices=[o.value for o in ReviewOutcome], read_only=True, allow_null=True
    )
    review_note = serializers.CharField(read_only=True, allow_null=True)

    def get_is_open(self, row: EmergencyAccess) -> bool:
        """By the patient's clock."""
        return row.is_open(clock.now(row.patient))

    def get_available_actions(self, row: Any) -> list[str]:
        """Without `end` of another's, what is over, or `review` of one's own."""
        actor: Actor = self.context["actor"]
        mine = may_end(row.opened_by_id, actor.user_id) and self.get_is_open(row)
        others = may_review(row.opened_by_id, actor.user_id)
        barred = {name for name, may in (("end", mine), ("review", others)) if not may}
        return [name for name in super().get_available_actions(row) if name not in barred]
