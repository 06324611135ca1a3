"""The auditor's desk, and the patient's “who saw my record”."""

from typing import Any

import django_filters as filters
from django.db import transaction
from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint, Target
from backend.api.filters import ListFilters
from backend.api.schema import operation
from backend.audit.models import Outcome
from backend.audit.record import record
from backend.audit.verify import verify
from backend.auditor.queries import entries_visible_to
from backend.auditor.rules import AUDIT_ENTRIES
from backend.auditor.serializers import AuditEntryOut, VerificationOut


class AuditEntryFilters(ListFilters):
    """By patient, actor, object, action, outcome and time."""

    patient = filters.CharFilter(field_name="patient_ref", max_length=40)
    actor = filters.CharFilter(field_name="actor", max_length=120)
    object = filters.CharFilter(field_name="object_ref", max_length=40)
    action = filters.CharFilter(field_name="action", max_length=80)
    outcome = filters.ChoiceFilter(choices=Outcome.choices)
    at_from = filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    at_before = filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")


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
        patients = sorted({row.patient_ref for row in rows if row.patient_ref}) or ["audit_entry"]
        with transaction.atomic():
            for ref in patients:
                record(self.verb.action, on=Target(ref), by=self.actor, at=clock.now())


class AuditVerification(Endpoint):
    """/v1/audit_verification"""

    verbs = {"get": AUDIT_ENTRIES["verify"]}
    filters = AuditEntryFilters

    @operation(gives=VerificationOut)
    def get(self, request: Request) -> HttpResponse:
        """Recompute the entries that the filters choose, and say what is wrong with them."""
        chosen = self.filters.apply(request._request.GET, entries_visible_to(self.actor))
        verdict = verify(chosen)
        with transaction.atomic():
            record(
                self.verb.action,
                on=Target("audit_entry"),
                by=self.actor,
                at=clock.now(),
                facts={"entries": str(verdict.entries), "findings": str(len(verdict.findings))},
            )
        return self.rendered(
            {
                "entries": verdict.entries,
                "sound": verdict.is_sound,
                "findings": [
                    {"entry": str(entry) if entry else None, "reason": reason}
                    for entry, reason in verdict.findings[:100]
                ],
            },
            VerificationOut,
            200,
        )
