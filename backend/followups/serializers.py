"""Shapes of check-ins, follow-ups and second-course decisions."""

from datetime import date
from typing import Any, ClassVar

from rest_framework import serializers

from backend.api.fields import CivilDate, Code, Flag, Prose, PublicId, Shape, Whole
from backend.api.language import reader_language
from backend.api.out import RowOut, StatefulOut
from backend.followups.models import CheckIn
from backend.followups.queries import advice_on
from backend.followups.rules import (
    CHECK_INS,
    FOLLOW_UPS,
    CheckInKind,
    FollowUpKind,
    SecondCourseStatus,
)
from backend.kernel.actor import Role
from backend.protocol import vocabulary as v

_ITEMS = dict.fromkeys(v.CHECKIN_ITEMS, 0)
_AN_ANSWER: dict[str, Any] = {
    "items": {**_ITEMS, "lips": 2, "skin": 1},
    "red_flags": [],
    "symptoms": [],
    "phq2": 0,
    "adherence": {"with_food": True, "missed_doses": 0, "contraception_kept": True},
    "last_period_on": "2026-03-02",
    "wants_blood_donation": False,
}
ItemsIn: type[Shape] = type(
    "ItemsIn",
    (Shape,),
    {
        "__doc__": "The twelve items, each from 0 (not at all) to 4 (worst).",
        **{name: Whole(min_value=0, max_value=4) for name in v.CHECKIN_ITEMS},
    },
)


class AdherenceIn(Shape):
    """How the medicine is taken."""

    with_food = Flag(required=False, help_text="Taken with a meal.")
    missed_doses = Whole(min_value=0, max_value=400, required=False)
    contraception_kept = Flag(required=False, help_text="Only if it applies.")


class ReportCheckInIn(Shape):
    """What a patient tells unasked. What is left out is unknown: it is never taken for fine."""

    example: ClassVar[dict[str, Any]] = {
        "items": {**_ITEMS, "headache": 3},
        "red_flags": ["bih"],
        "symptoms": ["vomiting"],
    }

    items = ItemsIn(required=False)
    red_flags = serializers.ListField(
        child=Code(sorted(v.RED_FLAGS)),
        max_length=12,
        help_text="Those of the twelve questions that are answered yes; empty = all no.",
    )
    symptoms = serializers.ListField(child=Code(sorted(v.SYMPTOMS)), max_length=6, required=False)
    phq2 = Whole(min_value=0, max_value=6, required=False)
    phq9 = Whole(min_value=0, max_value=27, required=False)
    item9 = Whole(min_value=0, max_value=3, required=False)
    adherence = AdherenceIn(required=False)
    last_period_on = CivilDate(required=False)
    wants_blood_donation = Flag(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The answers in the one form in which they are kept and compared: plain JSON."""
        return {"answers": _plain(attrs)}


class AnswerCheckInIn(ReportCheckInIn):
    """The answers to a check-in: all twelve items, all twelve red flags, the PHQ-2, adherence."""

    example: ClassVar[dict[str, Any]] = _AN_ANSWER

    items = ItemsIn()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(said) for name, said in value.items()}
    if isinstance(value, list):
        return sorted(set(value))
    return value.isoformat() if isinstance(value, date) else value


class CallOut(serializers.Serializer):
    """Whom to call."""

    who = serializers.CharField(help_text="`emergency`, `crisis_line` or `clinic`.")
    telephone = serializers.CharField()


class AdviceOut(serializers.Serializer):
    """One thing to do, at once."""

    code = serializers.CharField(help_text="Stable; names the act, not the finding.")
    text = serializers.SerializerMethodField(help_text="In the reader's language.")
    call = CallOut(many=True)

    def get_text(self, advice: Any) -> str:
        """The sentence in the reader's language."""
        return str(advice.text.in_language(reader_language()))


class CheckInOut(StatefulOut):
    """A check-in. `decision`, `findings` and `pack` are not shown to patients."""

    table = CHECK_INS
    example: ClassVar[dict[str, Any]] = {
        "id": "chk_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "version": 2,
        "status": "answered",
        "available_actions": [],
        "patient": "pt_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "course": "crs_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "kind": "scheduled",
        "day": 7,
        "opened_at": "2026-03-17T00:00:00Z",
        "due_at": "2026-03-24T00:00:00Z",
        "answered_at": "2026-03-17T02:10:00Z",
        "answers": _AN_ANSWER,
        "advice": [{"code": "go_on", "text": "ご回答ありがとうございました。", "call": []}],
    }

    patient = PublicId("pt", source="patient_id", read_only=True)
    course = PublicId("crs", source="course_id", read_only=True)
    kind = serializers.ChoiceField(choices=[k.value for k in CheckInKind], read_only=True)
    day = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Days since the first dose when it was opened."
    )
    opened_at = serializers.DateTimeField(read_only=True)
    due_at = serializers.DateTimeField(read_only=True, help_text="Then it counts as missed.")
    answered_at = serializers.DateTimeField(read_only=True, allow_null=True)
    answers = serializers.DictField(read_only=True, allow_null=True)
    advice = serializers.SerializerMethodField(
        help_text="What to do now and whom to call, most pressing first."
    )
    decision = serializers.CharField(read_only=True, allow_null=True, required=False)
    findings = serializers.ListField(
        child=serializers.DictField(), read_only=True, allow_null=True, required=False
    )
    pack = serializers.CharField(read_only=True, allow_null=True, required=False)
    pack_version = serializers.CharField(read_only=True, allow_null=True, required=False)

    def get_advice(self, row: CheckIn) -> list[dict[str, Any]]:
        """Nothing before there is an answer."""
        return list(AdviceOut(advice_on(row), many=True).data)

    def to_representation(self, instance: CheckIn) -> dict[str, Any]:
        """Without the raw findings for the patient: the physician explains them."""
        shown: dict[str, Any] = super().to_representation(instance)
        if self.context["actor"].role is Role.PATIENT:
            for name in ("decision", "findings", "pack", "pack_version"):
                del shown[name]
        return shown


class FollowUpOut(StatefulOut):
    """One step of a plan: what happens to the patient, and when."""

    table = FOLLOW_UPS
    example: ClassVar[dict[str, Any]] = {
        "id": "fup_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "version": 1,
        "status": "pending",
        "available_actions": [],
        "patient": "pt_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "course": "crs_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "kind": "check_in",
        "occurrence": 7,
        "local_date": "2026-03-17",
        "local_time": "09:00:00",
        "zone": "Asia/Tokyo",
        "due_at": "2026-03-17T00:00:00Z",
        "finished_at": None,
        "rule_version": "jp_2026.1",
    }

    patient = PublicId("pt", source="patient_id", read_only=True)
    course = PublicId("crs", source="plan.course_id", read_only=True)
    kind = serializers.ChoiceField(choices=[k.value for k in FollowUpKind], read_only=True)
    occurrence = serializers.IntegerField(
        read_only=True, help_text="The day after the start, the month after the end, or 1."
    )
    local_date = serializers.DateField(read_only=True)
    local_time = serializers.TimeField(read_only=True)
    zone = serializers.CharField(read_only=True, help_text="IANA zone of local date and time.")
    due_at = serializers.DateTimeField(read_only=True)
    finished_at = serializers.DateTimeField(read_only=True, allow_null=True)
    rule_version = serializers.CharField(
        read_only=True, help_text="The version of the template or pack that set the day."
    )


class DecideSecondCourseIn(Shape):
    """The physician's decision, on what was seen today."""

    example: ClassVar[dict[str, Any]] = {
        "decision": "offer",
        "iga": 3,
        "scarring": False,
        "reason": "再燃あり。初回の総投与量が少なく、再投与の利益が上回る。",
    }

    decision = Code(["offer", "decline"])
    iga = Whole(min_value=0, max_value=4, help_text="Investigator's global assessment.")
    scarring = Flag(help_text="Scarring acne or scarring relapse.")
    reason = Prose(max_length=2000)


class SecondCourseDecisionOut(RowOut):
    """A decision about a second course. Patients see the decision, not the rules' findings."""

    example: ClassVar[dict[str, Any]] = {
        "id": "scd_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "version": 1,
        "status": "offered",
        "patient": "pt_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "course": "crs_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "iga": 3,
        "scarring": False,
        "reason": "再燃あり。",
        "cumulative_mg": "5760.0",
        "cumulative_mg_per_kg": "110.769",
        "decision": "clear",
        "findings": [],
        "pack": "jp_house_2026",
        "pack_version": "jp_house_2026@0123456789abcdef",
        "decided_by": "usr_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "decided_at": "2026-12-10T03:00:00Z",
    }

    status = serializers.ChoiceField(choices=[s.value for s in SecondCourseStatus], read_only=True)
    patient = PublicId("pt", source="patient_id", read_only=True)
    course = PublicId("crs", source="course_id", read_only=True)
    iga = serializers.IntegerField(read_only=True)
    scarring = serializers.BooleanField(read_only=True)
    reason = serializers.CharField(read_only=True, required=False)
    cumulative_mg = serializers.DecimalField(9, 1, read_only=True)
    cumulative_mg_per_kg = serializers.DecimalField(8, 3, read_only=True, allow_null=True)
    decision = serializers.CharField(read_only=True, required=False)
    findings = serializers.ListField(child=serializers.DictField(), read_only=True, required=False)
    pack = serializers.CharField(read_only=True, required=False)
    pack_version = serializers.CharField(read_only=True, required=False)
    decided_by = PublicId("usr", source="decided_by_id", read_only=True)
    decided_at = serializers.DateTimeField(read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Without the physician's own words and the findings for the patient."""
        shown: dict[str, Any] = super().to_representation(instance)
        if self.context["actor"].role is Role.PATIENT:
            for name in ("reason", "decision", "findings", "pack", "pack_version"):
                del shown[name]
        return shown
