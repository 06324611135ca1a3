"""What a body points at."""

from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from backend.db import Row
from backend.kernel.errors import FieldError, Invalid
from backend.kernel.text import Text

AnyRow = TypeVar("AnyRow", bound=Row)
_NOTHING = Text("見つかりません。", "There is no such thing.")


def chosen(rows: QuerySet[AnyRow], row_id: UUID, pointer: str) -> AnyRow:
    """The row that a body names, among those the actor may see. Raises Invalid (400)."""
    row = rows.filter(id=row_id).first()
    if row is None:
        raise Invalid(errors=[FieldError(pointer, "not_found", _NOTHING)])
    return row
