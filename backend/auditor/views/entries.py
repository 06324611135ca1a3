"""Entries over HTTP: lists, one with its proof, and the recomputation of many."""

import re
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.entries import Target
from backend.api.paging import Page
from backend.api.schema import operation
from backend.audit.export.errors import TreeIncomplete
from backend.audit.export.prove import Proven, proof_of
from backend.audit.models import AuditEntry
from backend.audit.read import OpenedEntry, opened
from backend.audit.record import record
from backend.audit.verify.chosen import verify_chosen
from backend.auditor.errors import NotSealedYet
from backend.auditor.filters import AuditEntryFilters
from backend.auditor.looks import note_read
from backend.auditor.queries import entries_visible_to
from backend.auditor.rules import AUDIT_ENTRIES
from backend.auditor.serializers.entries import AuditEntryOut, ProvenEntryOut, VerificationOut
from backend.kernel.actor import Actor
from backend.kernel.errors import NotFound, Unavailable
from backend.transparency.proofs import pack

_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


def entry_of(actor: Actor, number: str) -> OpenedEntry:
    """The entry with this number, if the actor may see it, else NotFound (404)."""
    rows = entries_visible_to(actor)
    row = rows.filter(id=int(number)).first() if _NUMBER.fullmatch(number) else None
    if row is None:
        raise NotFound()
    (found,) = opened([row])
    return found


def proven(entry: AuditEntry) -> Proven | None:
    """The entry's proof, if it is sealed. Raises Unavailable (503) where the tree is broken."""
    try:
        return proof_of(entry.id)
    except TreeIncomplete as error:
        raise Unavailable() from error


class AuditEntries(Endpoint):
    """/v1/audit_entries"""

    verbs = {"get": AUDIT_ENTRIES["list"]}
    filters = AuditEntryFilters

    @operation(gives=AuditEntryOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Entries in the order in which they were written."""
        return self.listed(entries_visible_to(self.actor), AuditEntryOut, order=("id",))

    def record_seen(self, rows: list[Any]) -> None:
        """Looking at the trail is a look too: one entry for each patient whose entries show."""
        note_read(self.verb, (row.pseudonym for row in rows), by=self.actor)

    def paged(self, page: Page, out: type[Serializer]) -> HttpResponse:
        """The page, with what the patients' keys open."""
        return super().paged(Page(opened(page.rows), page.next_cursor), out)


class OneAuditEntry(Endpoint):
    """GET /v1/audit_entries/{entry_id}"""

    verbs = {"get": AUDIT_ENTRIES["prove"]}
    found: Proven | None = None

    @operation(gives=ProvenEntryOut)
    def get(self, request: Request, entry_id: str) -> HttpResponse:  # noqa: ARG002
        """One entry with its leaf, its proof and the checkpoint that the proof leads to."""
        entry = entry_of(self.actor, entry_id)
        self.found = proven(entry.entry)
        note_read(self.verb, [entry.entry.pseudonym], by=self.actor)
        return self.rendered(entry, ProvenEntryOut, 200)

    def out_context(self) -> dict[str, Any]:
        """With the proof."""
        return super().out_context() | {"proven": self.found}


class GzipRenderer(BaseRenderer):
    """Lets `Accept: application/gzip` in; the view answers with a finished response."""

    media_type = "application/gzip"
    format = "gzip"

    def render(self, data: Any, *_: Any) -> Any:
        """Never asked."""
        return data


class DownloadProof(Endpoint):
    """GET /v1/audit_entries/{entry_id}/proof"""

    verbs = {"get": AUDIT_ENTRIES["download_proof"]}
    renderer_classes = (GzipRenderer,)

    @operation(gives=OpenApiTypes.BINARY, may_refuse=True)
    def get(self, request: Request, entry_id: str) -> HttpResponse:  # noqa: ARG002
        """The proof of one entry as a file (c2sp.org/tlog-proof, packed with gzip): about 1 KB.

        With the entry's own bytes and `verify_proof.py` it is verified offline.
        """
        entry = entry_of(self.actor, entry_id).entry
        found = proven(entry)
        if found is None:
            raise NotSealedYet()
        note_read(self.verb, [entry.pseudonym], by=self.actor)
        return HttpResponse(
            pack(found.proof.text),
            content_type="application/gzip",
            headers={
                "Cache-Control": "no-store",
                "Content-Disposition": f'attachment; filename="entry-{entry.id}.tlog-proof.gz"',
            },
        )


class AuditVerification(Endpoint):
    """/v1/audit_verification"""

    verbs = {"get": AUDIT_ENTRIES["verify"]}
    filters = AuditEntryFilters

    @operation(gives=VerificationOut)
    def get(self, request: Request) -> HttpResponse:
        """Recompute the entries that the filters choose, and say what is wrong with them."""
        chosen = self.filters.apply(request._request.GET, entries_visible_to(self.actor))
        verdict = verify_chosen(chosen)
        with transaction.atomic():
            record(
                self.verb.action,
                on=Target("audit_entry"),
                by=self.actor,
                at=clock.now(),
                facts={"entries": str(verdict.records), "findings": str(verdict.wrong)},
            )
        return self.rendered(
            {
                "entries": verdict.records,
                "sound": verdict.is_sound,
                "findings": [
                    {
                        "entry": str(finding.record_id) if finding.record_id else None,
                        "reason": finding.reason,
                    }
                    for finding in verdict.findings[:100]
                ],
            },
            VerificationOut,
            200,
        )
