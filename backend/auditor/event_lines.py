"""Entries as lines of AuditEvents (NDJSON), some hundred at a time, however many there are."""

import json
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from django.db.models import QuerySet

from backend.audit.models import AuditEntry
from backend.audit.read import OpenedEntry, opened
from backend.auditor.fhir import audit_event

AT_ONCE = 500


def event_lines(rows: QuerySet[AuditEntry]) -> Iterator[bytes]:
    """One AuditEvent a line, in the order of writing; `AT_ONCE` of them are held."""
    last = 0
    while some := list(rows.filter(id__gt=last).order_by("id")[:AT_ONCE]):
        lines = [json.dumps(audit_event(one), ensure_ascii=False) for one in _read(some)]
        yield "".join(f"{line}\n" for line in lines).encode()
        last = some[-1].id


def _read(rows: list[AuditEntry]) -> list[OpenedEntry]:
    """With their facts; without, where somebody altered them: verification names which."""
    try:
        return opened(rows)
    except (InvalidTag, ValueError, KeyError):
        return [OpenedEntry(row, None, None, None) for row in rows]
