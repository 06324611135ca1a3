"""Who saw a patient's record, over HTTP."""

from django.http import HttpResponse
from rest_framework.request import Request

from backend.api.endpoint import Endpoint
from backend.api.paging import limit_of, page_before
from backend.api.schema import operation
from backend.auditor.accesses import record_accesses
from backend.auditor.filters import RecordAccessFilters
from backend.auditor.looks import note_read
from backend.auditor.rules import RECORD_ACCESSES
from backend.auditor.serializers.accesses import RecordAccessOut


class RecordAccesses(Endpoint):
    """/v1/record_accesses"""

    verbs = {"get": RECORD_ACCESSES["list"]}
    filters = RecordAccessFilters

    @operation(gives=RecordAccessOut, many=True)
    def get(self, request: Request) -> HttpResponse:
        """Who saw or changed the record, newest first, in words; what was refused stands there too.

        Patients see accesses to their own record. Auditors see those to records of their clinic's
        patients; with `patient`, also what was done to these rows directly in the database.
        """
        query = request._request.GET
        wanted = RecordAccessFilters.wanted(query)
        page = page_before(
            lambda before, count: record_accesses(self.actor, wanted, before=before, count=count),
            limit=limit_of(query.get("limit")),
            cursor=query.get("cursor"),
            scope=self.scope(),
        )
        note_read(self.verb, (row.pseudonym for row in page.rows), by=self.actor)
        return self.paged(page, RecordAccessOut)
