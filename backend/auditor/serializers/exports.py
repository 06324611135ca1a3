"""Exports, as they are asked for and shown."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.api.fields import Instant, Line, PublicId, Shape
from backend.api.out import StatefulOut
from backend.auditor.models import AuditExport
from backend.auditor.rules import AUDIT_EXPORTS


class RequestExportIn(Shape):
    """A bundle of one patient's records, or of a period. Patients get their own: say nothing."""

    patient = PublicId("pt", required=False)
    pseudonym = Line(
        max_length=40, required=False, help_text="Of a patient whose key is destroyed (psn_…)."
    )
    recorded_from = Instant(required=False)
    recorded_until = Instant(required=False, help_text="Until before then.")

    example: ClassVar[dict[str, Any]] = {
        "recorded_from": "2026-03-01T00:00:00Z",
        "recorded_until": "2026-04-01T00:00:00Z",
    }


class AuditExportOut(StatefulOut):
    """An export: what it is of, how far it is, and what it holds."""

    table = AUDIT_EXPORTS

    patient = serializers.SerializerMethodField(
        help_text="Null for a period, and once the patient's key is destroyed."
    )
    pseudonym = serializers.CharField(read_only=True, allow_null=True)
    recorded_from = serializers.DateTimeField(read_only=True, allow_null=True)
    recorded_until = serializers.DateTimeField(read_only=True, allow_null=True)
    with_rows = serializers.BooleanField(
        read_only=True, help_text="Rows before and after are opened, beside the acts' facts."
    )
    requested_by = serializers.CharField(read_only=True, source="requested_by.ref")
    requested_at = serializers.DateTimeField(read_only=True)
    tree_size = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Size of the checkpoint that proves it."
    )
    entries = serializers.IntegerField(read_only=True, allow_null=True, help_text="Records in it.")
    unsealed = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Records that were not sealed yet: not in it."
    )
    size_bytes = serializers.IntegerField(read_only=True, allow_null=True)
    ready_at = serializers.DateTimeField(read_only=True, allow_null=True)
    expires_at = serializers.DateTimeField(read_only=True, allow_null=True)
    failure = serializers.CharField(
        read_only=True,
        help_text="Empty, or: nothing_sealed, too_many_records, tree_incomplete, not_signed, …",
    )

    def get_patient(self, export: AuditExport) -> str | None:
        """The public id behind the pseudonym."""
        patients: dict[str, str] = self.context["patients"]
        return patients.get(export.pseudonym or "")
