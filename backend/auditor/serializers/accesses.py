"""Accesses to a patient's record, in the reader's language."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api.language import reader_language
from backend.auditor.accesses import RecordAccess
from backend.auditor.people import Who
from backend.auditor.words import Kind
from backend.kernel.text import Text


class Words(serializers.CharField):
    """A text in the language that the reader asked for (Accept-Language)."""

    def to_representation(self, value: Any) -> str:
        """The sentence."""
        said: Text = value
        return said.in_language(reader_language())


class WhoOut(serializers.Serializer):
    """Who it was."""

    role = serializers.CharField(
        read_only=True, help_text="A role of the service, or `database`: directly in the database."
    )
    name = serializers.CharField(
        read_only=True, help_text="Of clinic staff or a pharmacy; else empty."
    )
    words = Words(read_only=True, help_text="For people: 医師 水田花子; あなた.")
    is_you = serializers.BooleanField(read_only=True)


class RecordAccessOut(serializers.Serializer):
    """Somebody saw or changed something of a patient's record, or was refused it."""

    example: ClassVar[dict[str, Any]] = {
        "id": "1042",
        "at": "2026-03-10T12:00:00.000000Z",
        "patient": "pt_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "who": {
            "role": "physician",
            "name": "水田 花子",
            "words": "医師 水田 花子",
            "is_you": False,
        },
        "action": "lab_result.read",
        "kind": "read",
        "what": "検査結果を見ました",
        "object": "lab_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "is_refused": False,
        "purpose": "emergency",
        "why": "緊急アクセス（後で別の担当者が確認します）：担当医の代わりに対応するため",
        "is_emergency": True,
        "emergency_reason": "covering_colleague",
        "request_id": "req_0123456789abcdef",
    }

    id = serializers.CharField(read_only=True)
    at = serializers.DateTimeField(read_only=True, help_text="On the patient's clock, UTC.")
    patient = serializers.CharField(
        read_only=True, allow_null=True, help_text="Null once the patient's key is destroyed."
    )
    who = serializers.SerializerMethodField()
    action = serializers.CharField(
        read_only=True, help_text="As in the audit trail; `database.update` and the like beside it."
    )
    kind = serializers.ChoiceField(read_only=True, choices=[(one.value, one.value) for one in Kind])
    what = Words(read_only=True, help_text="What was looked at or done, in words.")
    object = serializers.CharField(read_only=True, source="object_ref")
    is_refused = serializers.BooleanField(read_only=True)
    purpose = serializers.CharField(
        read_only=True, allow_null=True, help_text="`treatment` or `emergency`."
    )
    why = serializers.SerializerMethodField(help_text="The purpose in words.")
    is_emergency = serializers.BooleanField(read_only=True)
    emergency_reason = serializers.CharField(
        read_only=True, allow_null=True, help_text="Why the glass was broken, as a code."
    )
    request_id = serializers.CharField(read_only=True)

    @extend_schema_field(WhoOut)
    def get_who(self, access: RecordAccess) -> dict[str, Any]:
        """Role, name and words."""
        who: Who = access.who
        return dict(WhoOut(who).data)

    def get_why(self, access: RecordAccess) -> str | None:
        """In the reader's language."""
        return None if access.why is None else access.why.in_language(reader_language())
