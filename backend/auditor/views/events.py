"""The trail as FHIR AuditEvents, over HTTP."""

from typing import Any

from django.db.models import Max, QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from backend.api.endpoint import Endpoint
from backend.api.schema import operation, parameters_of
from backend.audit.models import AuditEntry
from backend.auditor.event_lines import event_lines
from backend.auditor.filters import AuditEntryFilters
from backend.auditor.looks import note_read
from backend.auditor.queries import entries_visible_to
from backend.auditor.rules import AUDIT_EVENTS, MOST_RECORDS
from backend.kernel.errors import FieldError, Invalid
from backend.kernel.text import Text

TYPE = "application/fhir+ndjson"


class NdjsonRenderer(BaseRenderer):
    """Lets `Accept: application/fhir+ndjson` in; the view answers with a finished response."""

    media_type = TYPE
    format = "ndjson"

    def render(self, data: Any, *_: Any) -> Any:
        """Never asked."""
        return data


class AuditEvents(Endpoint):
    """GET /v1/audit_events"""

    verbs = {"get": AUDIT_EVENTS["download"]}
    renderer_classes = (NdjsonRenderer,)

    def known_parameters(self) -> set[str]:
        """Those of the audit entries; there are no pages."""
        return set(AuditEntryFilters.base_filters)

    @operation(gives=OpenApiTypes.STR, parameters=parameters_of(AuditEntryFilters))
    def get(self, request: Request) -> HttpResponseBase:
        """Entries of the clinic as FHIR R4 AuditEvents (IHE BALP), one a line, oldest first.

        What is recorded while it is written is not in it. Patients stand there by their pseudonym.
        """
        visible = entries_visible_to(self.actor)
        rows = _bounded(AuditEntryFilters.apply(request._request.GET, visible))
        names = rows.order_by().values_list("pseudonym", flat=True).distinct()
        note_read(self.verb, names, by=self.actor)
        return StreamingHttpResponse(
            event_lines(rows),
            content_type=TYPE,
            headers={
                "Cache-Control": "no-store",
                "Content-Disposition": 'attachment; filename="audit-events.ndjson"',
            },
        )


def _bounded(rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """The rows there are now. Raises Invalid (400) where they are too many for one answer."""
    rows = rows.filter(id__lte=rows.aggregate(last=Max("id"))["last"] or 0)
    if rows.order_by()[: MOST_RECORDS + 1].count() > MOST_RECORDS:
        detail = Text(
            f"一度に {MOST_RECORDS} 件まで取得できます。期間を短くしてください。",
            f"At most {MOST_RECORDS} events at a time: choose a shorter period.",
        )
        raise Invalid(detail, [FieldError("?at_from", "too_many_events", detail)])
    return rows
