"""What the lists of booking may be asked for."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import django_filters as filters
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter
from rest_framework.serializers import ValidationError

from backend.api.fields import CivilDate
from backend.api.filters import IdFilter, ListFilters
from backend.api.schema import CURSOR, LIMIT, id_pattern
from backend.booking.rules import MAX_DAYS_LISTED, ExceptionKind, HoursStatus, VisitStatus
from backend.kernel.errors import FieldError, Invalid
from backend.kernel.ids import NotAnId, parse_id
from backend.kernel.text import Text


class VisitFilters(ListFilters):
    """By status, physician, patient and when they begin (`starts_before` is not included)."""

    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in VisitStatus])
    physician = IdFilter("stf", field_name="physician_id")
    patient = IdFilter("pt", field_name="patient_id")
    starts_from = filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="lt")


class NoteFilters(ListFilters):
    """Nothing to choose: the notes of one visit."""


class RuleFilters(ListFilters):
    """By physician and status."""

    physician = IdFilter("stf", field_name="physician_id")
    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in HoursStatus])


class ExceptionFilters(RuleFilters):
    """By kind, too."""

    kind = filters.ChoiceFilter(choices=[(k.value, k.value) for k in ExceptionKind])


SLOT_PARAMETERS = (
    OpenApiParameter("physician", {"type": "string", "pattern": id_pattern("stf")}, required=True),
    OpenApiParameter(
        "from",
        {"type": "string", "format": "date"},
        required=True,
        description="The first day, where you live.",
    ),
    OpenApiParameter(
        "to",
        {"type": "string", "format": "date"},
        required=True,
        description=f"The day after the last one; at most {MAX_DAYS_LISTED} days.",
    ),
    LIMIT,
    CURSOR,
)


@dataclass(frozen=True, slots=True)
class SlotQuery:
    """Whose slots, from which civil day up to (not including) which."""

    physician_id: UUID
    first: date
    after_last: date


def slot_query(query: QueryDict) -> SlotQuery:
    """What GET /v1/slots asks for. Raises Invalid (400)."""
    try:
        physician_id = parse_id("stf", query.get("physician", ""))
    except NotAnId as error:
        raise _wrong("physician", "Not an id of a physician.") from error
    first, after_last = _day(query, "from"), _day(query, "to")
    if not timedelta(0) < after_last - first <= timedelta(days=MAX_DAYS_LISTED):
        raise _wrong("to", f"From 1 to {MAX_DAYS_LISTED} days after `from`.")
    return SlotQuery(physician_id, first, after_last)


def _day(query: QueryDict, name: str) -> date:
    try:
        return CivilDate().to_internal_value(query.get(name, ""))
    except ValidationError as error:
        raise _wrong(name, "A day is spelled YYYY-MM-DD.") from error


def _wrong(name: str, message: str) -> Invalid:
    detail = Text(f"{name} を正しく指定してください。", message)
    return Invalid(errors=[FieldError(f"?{name}", "invalid", detail)])
