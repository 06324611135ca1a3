"""What a bundle is about: all of the log, one patient, or a period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from backend.audit.models import AuditEntry, RowChange, SealedLeaf
from backend.audit.record import instant

Entries = QuerySet[AuditEntry]
Changes = QuerySet[RowChange]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which records belong to a bundle, and what of them is opened for its reader.

    `shown` is what the manifest says of it. Without `entries` and `changes` it is the whole log.
    """

    shown: Mapping[str, str]
    entries: Entries | None = None
    changes: Changes | None = None
    opens_facts: bool = True
    opens_rows: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether no record of the log is left out."""
        return self.entries is None or self.changes is None

    @property
    def opened(self) -> str:
        """For the manifest: what its entries show beside what was sealed."""
        shown = {"facts": self.opens_facts, "rows": self.opens_rows}
        return " ".join(name for name, is_shown in shown.items() if is_shown) or "nothing"

    def leaves(self, size: int) -> QuerySet[SealedLeaf]:
        """The leaves among the first `size` that belong to it, in the order of the tree."""
        found = SealedLeaf.objects.filter(leaf_index__lt=size).order_by("leaf_index")
        if self.entries is None or self.changes is None:
            return found
        ids = self.entries.order_by().values("id").union(self.changes.order_by().values("id"))
        return found.filter(record_id__in=ids)

    def records(self) -> int:
        """How many records belong to it now, sealed or not."""
        entries = AuditEntry.objects.all() if self.entries is None else self.entries
        changes = RowChange.objects.all() if self.changes is None else self.changes
        return entries.count() + changes.count()


def everything(*, opens: bool = True) -> Scope:
    """The whole log, of every clinic."""
    return Scope({"kind": "all"}, opens_facts=opens, opens_rows=opens)


def of_patient(
    pseudonym: str, patient_id: UUID | None, *, opens_facts: bool = True, opens_rows: bool = True
) -> Scope:
    """What concerns one patient; without an id (the key is destroyed) the entries alone."""
    changes = RowChange.objects.filter(patient_id=patient_id)
    return Scope(
        {"kind": "patient", "patient": pseudonym},
        AuditEntry.objects.filter(pseudonym=pseudonym),
        changes if patient_id else changes.none(),
        opens_facts,
        opens_rows,
    )


def of_period(
    begin: datetime,
    end: datetime,
    *,
    opens: bool = True,
    entries: Entries | None = None,
    changes: Changes | None = None,
    **shown: str,
) -> Scope:
    """What was recorded from `begin` until before `end`, by the database's clock.

    Of everything, or of the `entries` and `changes` that the reader may see.
    """
    within = {"recorded_at__gte": begin, "recorded_at__lt": end}
    entries = AuditEntry.objects.all() if entries is None else entries
    changes = RowChange.objects.all() if changes is None else changes
    return Scope(
        {"kind": "period", "from": instant(begin), "until": instant(end), **shown},
        entries.filter(**within),
        changes.filter(**within),
        opens,
        opens,
    )
