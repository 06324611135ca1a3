"""List filters: declared ones only, each value checked."""

from typing import Any
from uuid import UUID

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from backend.api.fields import NOT_AN_ID
from backend.kernel.errors import FieldError, Invalid
from backend.kernel.ids import NotAnId, parse_id
from backend.kernel.text import Text

PAGING = {"limit", "cursor"}


class ListFilters(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    """The filters of one list. A parameter that it does not declare is refused (400)."""

    @classmethod
    def apply(cls, query: QueryDict, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that the query string asks for. Raises Invalid (400)."""
        refuse_unknown(query, set(cls.base_filters) | PAGING)
        chosen = cls(query, queryset=rows)
        if not chosen.is_valid():
            raise Invalid(
                errors=[
                    FieldError(f"?{name}", "invalid", Text(str(message), str(message)))
                    for name, messages in chosen.errors.items()
                    for message in messages
                ]
            )
        found: QuerySet[Any] = chosen.qs
        return found


def refuse_unknown(query: QueryDict, known: set[str]) -> None:
    """Raise Invalid (400) for a parameter that is not declared, or stands twice."""
    strange = [name for name in query if name not in known or len(query.getlist(name)) > 1]
    if strange or len(query) > 30:
        detail = Text("知らないパラメーターです。", "Unknown or repeated parameter.")
        raise Invalid(
            errors=[FieldError(f"?{n[:40]}", "unknown_parameter", detail) for n in strange[:20]]
        )


class _IdFormField(forms.CharField):
    def __init__(self, prefix: str, **kwargs: Any) -> None:
        self.prefix = prefix
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> UUID | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_id(self.prefix, text)
        except NotAnId as error:
            raise forms.ValidationError(NOT_AN_ID, code="invalid") from error


class IdFilter(filters.Filter):  # type: ignore[misc]
    """Filter by a public id: `IdFilter("pt", field_name="patient_id")`."""

    field_class = _IdFormField

    def __init__(self, prefix: str, **kwargs: Any) -> None:
        """`prefix` is the kind of id, for example `pt`."""
        super().__init__(prefix=prefix, **kwargs)
