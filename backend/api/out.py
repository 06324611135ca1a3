"""What every answer about a row shows."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.db import Row
from backend.kernel.actor import Actor
from backend.kernel.verbs import Verbs


class RowOut(serializers.Serializer):
    """A row: its public id, and its version, which is its ETag too."""

    id = serializers.CharField(source="ref", read_only=True, help_text="Prefixed id.")
    version = serializers.IntegerField(
        read_only=True, help_text='Send it back as If-Match: "<version>".'
    )


class StatefulOut(RowOut):
    """A row with a status: what the reader may do with it now."""

    table: ClassVar[Verbs]

    status = serializers.CharField(read_only=True)
    available_actions = serializers.SerializerMethodField(
        help_text="The verbs that you may do now: POST …/{id}/<verb>."
    )

    def get_available_actions(self, row: Row) -> list[str]:
        """Read from the verb table that the service asks too."""
        actor: Actor | None = self.context.get("actor")
        status: Any = getattr(row, "status", "")
        return self.table.available(str(status), actor.role) if actor else []
