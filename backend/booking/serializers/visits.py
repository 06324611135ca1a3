"""Shapes of visits."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.api.fields import Code, Flag, Instant, Line, Prose, PublicId, Shape
from backend.api.out import RowOut, StatefulOut
from backend.booking.models import Visit
from backend.booking.rules import (
    CHECKLIST,
    CLOSES_AFTER,
    OPENS_BEFORE,
    OWN_VISIT_ONLY,
    VISITS,
    CancelReason,
    HistoryEvidence,
    NoteKind,
    VisitKind,
    VisitMode,
)
from backend.booking.video import provider
from backend.db import Row
from backend.kernel.actor import Role

_ID = "01hqxv5y2k8m3n4p5q6r7s8t9v"


class HoldVisitIn(Shape):
    """Which slot."""

    example: ClassVar[dict[str, Any]] = {
        "physician": f"stf_{_ID}",
        "starts_at": "2026-03-12T00:00:00Z",
    }

    physician = PublicId("stf")
    starts_at = Instant(help_text="The beginning of a slot from GET /v1/slots.")


class CancelVisitIn(Shape):
    """Why."""

    example: ClassVar[dict[str, Any]] = {"reason": "patient_request"}

    reason = Code(CancelReason)


class StartVisitIn(Shape):
    """How they meet, and what is known of the patient."""

    example: ClassVar[dict[str, Any]] = {
        "mode": "video",
        "kind": "first",
        "history": "pre_consultation",
    }

    mode = Code(VisitMode)
    kind = Code(VisitKind)
    history = Code(HistoryEvidence)
    session_id = Line(
        max_length=80, required=False, default=None, help_text="The video system's own id."
    )


class CompleteVisitIn(Shape):
    """The checklist; what is left out stays unknown."""

    example: ClassVar[dict[str, Any]] = dict.fromkeys(CHECKLIST, True)

    care_plan_agreed = Flag(required=False, help_text="J-09")
    privacy_confirmed = Flag(required=False, help_text="J-12")
    hospital_arranged = Flag(required=False, help_text="J-13")
    mood_asked = Flag(required=False, help_text="P-PP-09")
    sexual_function_asked = Flag(required=False, help_text="P-PP-09")
    in_person_first_done = Flag(required=False, help_text="P-PP-10")


class AddNoteIn(Shape):
    """What is to be kept."""

    example: ClassVar[dict[str, Any]] = {"text": "経過良好。次回は四週後。"}

    text = Prose(max_length=10_000)


class ChecklistOut(serializers.Serializer):
    """What was done in the session; null where nothing was said."""

    care_plan_agreed = serializers.BooleanField(read_only=True, allow_null=True)
    privacy_confirmed = serializers.BooleanField(read_only=True, allow_null=True)
    hospital_arranged = serializers.BooleanField(read_only=True, allow_null=True)
    mood_asked = serializers.BooleanField(read_only=True, allow_null=True)
    sexual_function_asked = serializers.BooleanField(read_only=True, allow_null=True)
    in_person_first_done = serializers.BooleanField(read_only=True, allow_null=True)


def _codes(codes: type[Any]) -> serializers.ChoiceField:
    return serializers.ChoiceField(
        choices=[code.value for code in codes], read_only=True, allow_null=True
    )


class VisitOut(StatefulOut):
    """A visit."""

    table = VISITS
    example: ClassVar[dict[str, Any]] = {
        "id": f"vis_{_ID}",
        "version": 1,
        "status": "held",
        "available_actions": ["confirm", "cancel"],
        "patient": f"pt_{_ID}",
        "physician": f"stf_{_ID}",
        "physician_name": "佐藤 医師",
        "starts_at": "2026-03-12T00:00:00Z",
        "ends_at": "2026-03-12T00:30:00Z",
        "zone": "Asia/Tokyo",
        "created_at": "2026-03-10T03:00:00Z",
        "hold_expires_at": "2026-03-10T03:10:00Z",
        "confirmed_at": None,
        "cancelled_at": None,
        "cancel_reason": None,
        "started_at": None,
        "ended_at": None,
        "session_id": None,
        "mode": None,
        "kind": None,
        "history": None,
        "video_seconds": None,
        "checklist": dict.fromkeys(CHECKLIST),
    }

    patient = PublicId("pt", source="patient_id", read_only=True)
    physician = PublicId("stf", source="physician_id", read_only=True)
    physician_name = serializers.CharField(source="physician.name", read_only=True)
    starts_at = serializers.DateTimeField(read_only=True)
    ends_at = serializers.DateTimeField(read_only=True)
    zone = serializers.CharField(source="patient.zone", read_only=True, help_text="The patient's.")
    created_at = serializers.DateTimeField(read_only=True)
    hold_expires_at = serializers.DateTimeField(read_only=True, allow_null=True)
    confirmed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    cancelled_at = serializers.DateTimeField(read_only=True, allow_null=True)
    cancel_reason = _codes(CancelReason)
    started_at = serializers.DateTimeField(read_only=True, allow_null=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)
    session_id = serializers.CharField(read_only=True, allow_null=True)
    mode = _codes(VisitMode)
    kind = _codes(VisitKind)
    history = _codes(HistoryEvidence)
    video_seconds = serializers.IntegerField(read_only=True, allow_null=True)
    checklist = ChecklistOut(source="*", read_only=True)

    def get_available_actions(self, row: Row) -> list[str]:
        """Without what only the visit's own physician may do, for the others."""
        actions = super().get_available_actions(row)
        actor = self.context["actor"]
        if actor.role is not Role.PHYSICIAN or _is_own(row, actor.user_id):
            return actions
        return [name for name in actions if name not in OWN_VISIT_ONLY]


def _is_own(row: Any, user_id: Any) -> bool:
    return bool(row.physician.user_id == user_id)


class JoinOut(RowOut):
    """Where the visit takes place, and until when the door is open."""

    example: ClassVar[dict[str, Any]] = {
        "id": f"vis_{_ID}",
        "version": 2,
        "room_url": "https://meet.example/0f9c2f4e6b1f4a399f6f1f2d6f1b7c55",
        "opens_at": "2026-03-11T23:50:00Z",
        "closes_at": "2026-03-12T01:00:00Z",
    }

    room_url = serializers.SerializerMethodField()
    opens_at = serializers.SerializerMethodField()
    closes_at = serializers.SerializerMethodField()

    def get_room_url(self, visit: Visit) -> str:
        """The address, without anything personal in it."""
        return provider().room_url(visit)

    def get_opens_at(self, visit: Visit) -> str:
        """Ten minutes before the slot."""
        shown = serializers.DateTimeField().to_representation(visit.starts_at - OPENS_BEFORE)
        return str(shown)

    def get_closes_at(self, visit: Visit) -> str:
        """Thirty minutes after it."""
        shown = serializers.DateTimeField().to_representation(visit.ends_at + CLOSES_AFTER)
        return str(shown)


class VisitNoteOut(RowOut):
    """A note, or an addendum to a completed visit."""

    example: ClassVar[dict[str, Any]] = {
        "id": f"vn_{_ID}",
        "version": 1,
        "visit": f"vis_{_ID}",
        "patient": f"pt_{_ID}",
        "author": f"usr_{_ID}",
        "kind": "note",
        "text": "経過良好。次回は四週後。",
        "written_at": "2026-03-12T00:20:00Z",
    }

    visit = PublicId("vis", source="visit_id", read_only=True)
    patient = PublicId("pt", source="patient_id", read_only=True)
    author = PublicId("usr", source="author_id", read_only=True)
    kind = serializers.ChoiceField(choices=[kind.value for kind in NoteKind], read_only=True)
    text = serializers.CharField(read_only=True)
    written_at = serializers.DateTimeField(read_only=True)
