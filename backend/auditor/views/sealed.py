"""What the database and the sealer keep: row changes and checkpoints, for auditors."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from backend.api.endpoint import Endpoint
from backend.api.schema import operation
from backend.audit.models import PatientKey
from backend.auditor.filters import AuditCheckpointFilters, RowChangeFilters
from backend.auditor.looks import note_read
from backend.auditor.queries import changes_visible_to, checkpoints_visible_to
from backend.auditor.rules import AUDIT_CHECKPOINTS, ROW_CHANGES
from backend.auditor.serializers.sealed import AuditCheckpointOut, RowChangeOut
from backend.kernel.ids import public_id


class RowChanges(Endpoint):
    """/v1/row_changes"""

    verbs = {"get": ROW_CHANGES["list"]}
    filters = RowChangeFilters

    @operation(gives=RowChangeOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Rows before and after, however they were written, in the order of writing."""
        return self.listed(changes_visible_to(self.actor), RowChangeOut, order=("id",))

    def record_seen(self, rows: list[Any]) -> None:
        """One entry for each patient whose rows show."""
        refs = {public_id("pt", row.patient_id) for row in rows if row.patient_id}
        known = PatientKey.objects.filter(patient_ref__in=refs)
        note_read(self.verb, known.values_list("pseudonym", flat=True), by=self.actor)


class AuditCheckpoints(Endpoint):
    """/v1/audit_checkpoints"""

    verbs = {"get": AUDIT_CHECKPOINTS["list"]}
    filters = AuditCheckpointFilters

    @operation(gives=AuditCheckpointOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Signed checkpoints of the log, newest first. Everybody else: /audit/checkpoint."""
        return self.listed(checkpoints_visible_to(self.actor), AuditCheckpointOut, order=("-size",))

    def record_seen(self, rows: list[Any]) -> None:  # noqa: ARG002 - they name nobody
        """One entry."""
        note_read(self.verb, (), by=self.actor)
