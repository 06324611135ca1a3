"""Entries as they are shown."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.audit.models import AuditEntry, Outcome


class AuditEntryOut(serializers.Serializer):
    """One entry: who did what to which object, when, with what outcome."""

    example: ClassVar[dict[str, Any]] = {
        "id": "1042",
        "at": "2026-03-10T12:00:00.000000Z",
        "actor": "physician:usr_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "actor_role": "physician",
        "action": "prescription.approve",
        "object": "rx_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "patient": "pt_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "outcome": "done",
        "request_id": "req_0123456789abcdef",
        "facts": {},
        "leaf": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }

    id = serializers.CharField(read_only=True)
    at = serializers.DateTimeField(read_only=True, help_text="On the subject's clock, UTC.")
    recorded_at = serializers.DateTimeField(read_only=True, help_text="The database's clock, UTC.")
    actor = serializers.CharField(read_only=True)
    actor_role = serializers.CharField(read_only=True)
    action = serializers.CharField(read_only=True)
    object = serializers.CharField(read_only=True, source="object_ref")
    patient = serializers.CharField(read_only=True, allow_null=True, source="patient_ref")
    outcome = serializers.ChoiceField(read_only=True, choices=Outcome.choices)
    request_id = serializers.CharField(read_only=True)
    facts = serializers.DictField(read_only=True)
    leaf = serializers.SerializerMethodField(help_text="SHA-256 leaf hash, hexadecimal.")

    def get_leaf(self, entry: AuditEntry) -> str:
        """The leaf hash in hexadecimal."""
        return bytes(entry.leaf).hex()


class AuditFindingOut(serializers.Serializer):
    """One thing wrong with the trail."""

    entry = serializers.CharField(allow_null=True)
    reason = serializers.CharField()


class VerificationOut(serializers.Serializer):
    """The verdict."""

    entries = serializers.IntegerField()
    sound = serializers.BooleanField()
    findings = AuditFindingOut(many=True)
