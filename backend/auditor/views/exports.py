"""Exports over HTTP: ask for one, watch it, download it."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from backend import clock
from backend.accounts.queries import patients_visible_to
from backend.api.endpoint import Endpoint
from backend.api.schema import operation
from backend.audit.export.asked import note_looks
from backend.audit.keys import pseudonym_of
from backend.audit.record import record
from backend.auditor.errors import ExportGone, OneScope, OwnRecordOnly
from backend.auditor.filters import AuditExportFilters
from backend.auditor.looks import note_read
from backend.auditor.models import AuditExport
from backend.auditor.queries import entries_visible_to, exports_visible_to, overdue
from backend.auditor.rules import AUDIT_EXPORTS
from backend.auditor.sealed_parts import file_of
from backend.auditor.serializers.exports import AuditExportOut, RequestExportIn
from backend.auditor.services.request_export import Period, request_export
from backend.auditor.subject import patients_of, subject_of
from backend.kernel.actor import Role
from backend.kernel.errors import NotFound
from backend.kernel.ids import public_id

Asked = dict[str, Any]


class ExportEndpoint(Endpoint):
    """What the doors to exports share."""

    shown: tuple[AuditExport, ...] = ()

    def export(self, export_id: str) -> AuditExport:
        """The export that the path names, if it is the actor's to see."""
        found = self.find(exports_visible_to(self.actor), export_id)
        self.shown = (found,)
        return found

    def out_context(self) -> dict[str, Any]:
        """With the patients behind the pseudonyms."""
        return super().out_context() | {"patients": patients_of(list(self.shown))}


class AuditExports(ExportEndpoint):
    """GET, POST /v1/audit_exports"""

    verbs = {"get": AUDIT_EXPORTS["list"], "post": AUDIT_EXPORTS["request"]}
    filters = AuditExportFilters

    @operation(gives=AuditExportOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Exports, newest first; patients see those that they asked for."""
        return self.listed(exports_visible_to(self.actor), AuditExportOut)

    @operation(takes=RequestExportIn, gives=AuditExportOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Ask for a bundle that anybody can verify; a worker builds it, the sealer signs it."""
        asked = self.asked(RequestExportIn)
        pseudonym, period = self._pseudonym(asked), _period(asked)
        return self.act(
            lambda: request_export(
                pseudonym=pseudonym, period=period, by=self.actor, at=clock.now()
            ),
            AuditExportOut,
            status=201,
        )

    def rendered(self, result: Any, out: type[Serializer], status: int) -> HttpResponse:
        """The new export, with its patient."""
        self.shown = (result,)
        return super().rendered(result, out, status)

    def record_seen(self, rows: list[Any]) -> None:
        """One entry for each patient whose export shows."""
        self.shown = tuple(rows)
        note_read(self.verb, (row.pseudonym for row in rows), by=self.actor)

    def _pseudonym(self, asked: Asked) -> str | None:
        """Whose records are asked for, as the trail names them; None for a period."""
        if self.actor.role is Role.PATIENT:
            return self._own(asked)
        if "patient" in asked and "pseudonym" in asked:
            raise OneScope()
        if "patient" in asked:
            return self._of_patient(public_id("pt", asked["patient"]))
        return self._known(asked["pseudonym"]) if "pseudonym" in asked else None

    def _own(self, asked: Asked) -> str:
        if asked.keys() - {"patient"} or self.actor.patient_id is None:
            raise OwnRecordOnly()
        return self._of_patient(public_id("pt", asked.get("patient", self.actor.patient_id)))

    def _of_patient(self, ref: str) -> str:
        pseudonym = pseudonym_of(self.find(patients_visible_to(self.actor), ref).ref)
        if pseudonym is None:
            raise NotFound()
        return pseudonym

    def _known(self, pseudonym: str) -> str:
        if not entries_visible_to(self.actor).filter(pseudonym=pseudonym).exists():
            raise NotFound()
        return pseudonym


def _period(asked: Asked) -> Period | None:
    begin, end = asked.get("recorded_from"), asked.get("recorded_until")
    if (begin is None) != (end is None):
        raise OneScope()
    return None if begin is None or end is None else (begin, end)


class OneAuditExport(ExportEndpoint):
    """GET /v1/audit_exports/{export_id}"""

    verbs = {"get": AUDIT_EXPORTS["read"]}

    @operation(gives=AuditExportOut)
    def get(self, request: Request, export_id: str) -> HttpResponse:  # noqa: ARG002
        """How far it is, and what it holds: the size of the checkpoint, records, what waits."""
        export = self.export(export_id)
        self.seen(subject_of(export))
        return self.rendered(export, AuditExportOut, 200)


class ZipRenderer(BaseRenderer):
    """Lets `Accept: application/zip` in; the bytes were made by a worker."""

    media_type = "application/zip"
    format = "zip"

    def render(self, data: Any, *_: Any) -> Any:
        """Never asked: the view answers with a finished response."""
        return data


class DownloadAuditExport(ExportEndpoint):
    """GET /v1/audit_exports/{export_id}/download"""

    verbs = {"get": AUDIT_EXPORTS["download"]}
    renderer_classes = (ZipRenderer,)

    @operation(gives=OpenApiTypes.BINARY, may_refuse=True)
    def get(self, request: Request, export_id: str) -> HttpResponseBase:  # noqa: ARG002
        """The bundle, once it is ready, for seven days: a zip file with its own verifier."""
        export = self.export(export_id)
        AUDIT_EXPORTS.check_move("download", export.status)
        if overdue(AuditExport.objects.filter(id=export.id), clock.now()).exists():
            raise ExportGone()
        self._note(export)
        return StreamingHttpResponse(
            file_of(export),
            content_type="application/zip",
            headers={
                "Cache-Control": "no-store",
                "Content-Disposition": f'attachment; filename="audit-{export.ref}.zip"',
                "Content-Length": str(export.size_bytes),
            },
        )

    def _note(self, export: AuditExport) -> None:
        """The download, and one entry for each patient whose records are in it."""
        subject, at = subject_of(export), clock.now()
        facts = {"tree_size": str(export.tree_size), "entries": str(export.entries)}
        others = set(export.shows) - {export.pseudonym if subject.patient else None}
        with transaction.atomic():
            record(self.verb.action, on=subject, by=self.actor, at=at, facts=facts)
            note_looks(self.verb.action, (name for name in others if name), by=self.actor, at=at)
