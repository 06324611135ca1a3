"""What the lists of the trail can be narrowed by."""

from contextlib import suppress

import django_filters as filters
from django.db.models import QuerySet
from django.http import QueryDict

from backend.api.filters import IdFilter, ListFilters
from backend.audit.keys import pseudonym_of
from backend.audit.models import AuditEntry, Outcome, RowChange
from backend.auditor.accesses import KINDS, WHOSE, Wanted
from backend.kernel.ids import NotAnId, parse_id

OPERATIONS = [(one, one) for one in ("insert", "update", "delete")]


class AuditEntryFilters(ListFilters):
    """By patient, actor, object, action, outcome, request and time."""

    patient = filters.CharFilter(method="of_patient", max_length=40)
    pseudonym = filters.CharFilter(field_name="pseudonym", max_length=40)
    actor = filters.CharFilter(field_name="actor", max_length=120)
    object = filters.CharFilter(field_name="object_ref", max_length=40)
    action = filters.CharFilter(field_name="action", max_length=80)
    action_prefix = filters.CharFilter(field_name="action", lookup_expr="startswith", max_length=80)
    outcome = filters.ChoiceFilter(choices=Outcome.choices)
    request_id = filters.CharFilter(field_name="request_id", max_length=64)
    at_from = filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    at_before = filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")

    def of_patient(self, rows: QuerySet[AuditEntry], _: str, ref: str) -> QuerySet[AuditEntry]:
        """Entries that concern one patient, by the public id."""
        return rows.filter(pseudonym=pseudonym_of(ref) or "-")


class RecordAccessFilters(ListFilters):
    """By patient (for auditors), kind, by whom, and time."""

    patient = filters.CharFilter(method="kept", max_length=40)
    kind = filters.ChoiceFilter(method="kept", choices=[(one, one) for one in KINDS])
    by = filters.ChoiceFilter(method="kept", choices=[(one, one) for one in WHOSE])
    at_from = filters.IsoDateTimeFilter(method="kept")
    at_before = filters.IsoDateTimeFilter(method="kept")

    def kept(self, rows: QuerySet[AuditEntry], _: str, __: object) -> QuerySet[AuditEntry]:
        """The rows come from two tables: `record_accesses` narrows them."""
        return rows

    @classmethod
    def wanted(cls, query: QueryDict) -> Wanted:
        """What the query string asks for. Raises Invalid (400)."""
        cls.apply(query, AuditEntry.objects.none())
        asked = cls(query, queryset=AuditEntry.objects.none()).form
        asked.full_clean()
        return Wanted(**{name: value or None for name, value in asked.cleaned_data.items()})


class RowChangeFilters(ListFilters):
    """By patient, table, row, operation, actor, request and time."""

    patient = IdFilter("pt", field_name="patient_id")
    table = filters.CharFilter(field_name="table_name", max_length=63)
    row = filters.CharFilter(method="of_row", max_length=64)
    operation = filters.ChoiceFilter(choices=OPERATIONS)
    actor = filters.CharFilter(field_name="actor", max_length=120)
    request_id = filters.CharFilter(field_name="request_id", max_length=64)
    recorded_from = filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_before = filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="lt")

    def of_row(self, rows: QuerySet[RowChange], _: str, text: str) -> QuerySet[RowChange]:
        """Changes of one row, by its public id (`rx_…`) or by the key that the database knows."""
        with suppress(NotAnId):
            text = str(parse_id(text.partition("_")[0], text))
        return rows.filter(row_id=text)


class AuditExportFilters(ListFilters):
    """No filters: there are few."""


class AuditCheckpointFilters(ListFilters):
    """No filters: newest first."""
