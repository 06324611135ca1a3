"""Is every entry still what was written? Recomputes each leaf and compares each column."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet

from backend.audit.models import AuditEntry
from backend.audit.record import instant, leaf_hash
from backend.kernel.canonical import canonical

TRIGGER = "audit_is_append_only"


@dataclass(slots=True)
class Verdict:
    """How many entries were looked at, and what is wrong: (entry id or none, reason)."""

    entries: int = 0
    findings: list[tuple[int | None, str]] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Nothing was found."""
        return not self.findings


def verify(entries: QuerySet[AuditEntry] | None = None) -> Verdict:
    """Recompute every leaf, compare the columns with the bytes, see that the guard stands.

    Finds an entry that was edited in place. That none was removed is provable only once the
    trail is sealed in a tree.
    """
    verdict = Verdict()
    if not _guarded():
        verdict.findings.append((None, "the append-only trigger is missing or disabled"))
    rows = AuditEntry.objects.all() if entries is None else entries
    for entry in rows.order_by("id").iterator(chunk_size=2000):
        verdict.entries += 1
        verdict.findings += [(entry.id, reason) for reason in _wrong(entry)]
    return verdict


def _guarded() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgenabled FROM pg_trigger WHERE tgname = %s AND tgrelid = %s::regclass",
            [TRIGGER, AuditEntry._meta.db_table],
        )
        row = cursor.fetchone()
    return row is not None and row[0] in {"O", "A", b"O", b"A"}


def _wrong(entry: AuditEntry) -> Iterator[str]:
    body = bytes(entry.body)
    if leaf_hash(body) != bytes(entry.leaf):
        yield "the bytes do not match their hash"
    try:
        content = json.loads(body)
    except ValueError:
        yield "the bytes are not JSON"
        return
    if canonical(content) != body:
        yield "the bytes are not canonical"
    columns = {
        "action": entry.action,
        "actor": entry.actor,
        "actor_role": entry.actor_role,
        "at": instant(entry.at),
        "clinic_id": str(entry.clinic_id) if entry.clinic_id else None,
        "object": entry.object_ref,
        "outcome": entry.outcome,
        "patient": entry.pseudonym,
        "request_id": entry.request_id,
    }
    for name, value in columns.items():
        if content.get(name) != value:
            yield f"the column for {name} differs from the bytes"
