"""Shapes of the worklist."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.api.fields import Code, Instant, Prose, PublicId, Shape
from backend.api.out import StatefulOut
from backend.db import Row
from backend.worklist.rules import TASKS, Priority, TaskKind, TaskOutcome, may_complete


class CompleteTaskIn(Shape):
    """How the task ended. An urgent one says when the patient was reached."""

    example: ClassVar[dict[str, Any]] = {
        "outcome": "patient_advised",
        "note": "電話で症状を確認し、受診を案内した。",
        "contacted_at": "2026-03-10T03:05:00Z",
    }

    outcome = Code(TaskOutcome)
    note = Prose(max_length=4000, required=False, default="", allow_blank=True)
    contacted_at = Instant(required=False, allow_null=True, default=None)


class TaskOut(StatefulOut):
    """A task of the worklist."""

    table = TASKS
    example: ClassVar[dict[str, Any]] = {
        "id": "tsk_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "version": 1,
        "status": "open",
        "available_actions": ["complete"],
        "patient": "pt_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "kind": "adverse_event",
        "priority": "urgent",
        "opened_at": "2026-03-10T03:00:00Z",
        "due_at": "2026-03-10T05:00:00Z",
        "about": "chk_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "blocks_release": True,
        "done_by": None,
        "done_at": None,
        "outcome": None,
        "note": "",
        "contacted_at": None,
    }

    patient = PublicId("pt", source="patient_id", read_only=True)
    kind = serializers.ChoiceField(choices=[k.value for k in TaskKind], read_only=True)
    priority = serializers.ChoiceField(choices=[p.value for p in Priority], read_only=True)
    opened_at = serializers.DateTimeField(read_only=True)
    due_at = serializers.DateTimeField(read_only=True)
    about = serializers.CharField(source="about_ref", read_only=True)
    blocks_release = serializers.BooleanField(read_only=True)
    done_by = PublicId("usr", source="done_by_id", read_only=True, allow_null=True)
    done_at = serializers.DateTimeField(read_only=True, allow_null=True)
    outcome = serializers.ChoiceField(
        choices=[o.value for o in TaskOutcome], read_only=True, allow_null=True
    )
    note = serializers.CharField(read_only=True)
    contacted_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_available_actions(self, row: Row) -> list[str]:
        """Without `complete` where the task is not the reader's to do."""
        actions = super().get_available_actions(row)
        mine = may_complete(row.kind, self.context["actor"].role)  # type: ignore[attr-defined]
        return [name for name in actions if name != "complete" or mine]
