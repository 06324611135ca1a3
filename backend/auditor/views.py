"""The auditor's desk, and the patient's “who saw my record”."""

from typing import Any

import django_filters as filters
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.entries import Target
from backend.api.filters import ListFilters
from backend.api.paging import Page
from backend.api.schema import operation
from backend.audit.keys import pseudonym_of
from backend.audit.models import AuditEntry, Outcome
from backend.audit.read import opened
from backend.audit.record import record, record_look_at_pseudonyms
from backend.audit.verify.chosen import verify_chosen
from backend.auditor.queries import entries_visible_to
from backend.auditor.rules import AUDIT_ENTRIES
from backend.auditor.serializers import AuditEntryOut, VerificationOut


class AuditEntryFilters(ListFilters):
    """By patient, actor, object, action, outcome and time."""

    patient = filters.CharFilter(method="of_patient", max_length=40)
    pseudonym = filters.CharFilter(field_name="pseudonym", max_length=40)
    actor = filters.CharFilter(field_name="actor", max_length=120)
    object = filters.CharFilter(field_name="object_ref", max_length=40)
    action = filters.CharFilter(field_name="action", max_length=80)
    outcome = filters.ChoiceFilter(choices=Outcome.choices)
    at_from = filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    at_before = filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")

    def of_patient(self, rows: QuerySet[AuditEntry], _: str, ref: str) -> QuerySet[AuditEntry]:
        """Entries that concern one patient, by the public id."""
        return rows.filter(pseudonym=pseudonym_of(ref) or "-")


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
        shown = sorted({row.pseudonym for row in rows if row.pseudonym})
        with transaction.atomic():
            if not shown:
                record(self.verb.action, on=Target("audit_entry"), by=self.actor, at=clock.now())
            record_look_at_pseudonyms(self.verb.action, on=shown, by=self.actor, at=clock.now())

    def paged(self, page: Page, out: type[Serializer]) -> HttpResponse:
        """The page, with what the patients' keys open."""
        return super().paged(Page(opened(page.rows), page.next_cursor), out)


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
