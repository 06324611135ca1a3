"""Does a decision still say what the audit trail says that it said?"""

from dataclasses import dataclass
from typing import Any

from backend.audit.models import AuditEntry
from backend.audit.record import instant, leaf_hash
from backend.prescriptions.models import Decision
from backend.prescriptions.replaying import digest


@dataclass(frozen=True, slots=True)
class Trail:
    """The entry of a decision (None: there is none), and what it says otherwise, by name."""

    entry: str | None
    differs: tuple[str, ...]

    @property
    def unaltered(self) -> bool:
        """Whether there is an entry and it says the same."""
        return self.entry is not None and not self.differs


def trail_of(row: Decision) -> Trail:
    """Compare a decision with the entry that was written with it.

    `entry` among the differences means that the entry itself does not fit its hash.
    """
    entries = AuditEntry.objects.filter(object_ref=row.ref, action=f"decision.{row.moment}")
    entry = entries.order_by("id").first()
    if entry is None:
        return Trail(None, ())
    if leaf_hash(bytes(entry.body)) != bytes(entry.leaf):
        return Trail(str(entry.id), ("entry",))
    content = entry.content
    said = {**content["facts"], "asked_at": content["at"], "asked_by": content["actor"]}
    differs = tuple(name for name, is_now in _now(row).items() if said.get(name, is_now) != is_now)
    return Trail(str(entry.id), differs)


def _now(row: Decision) -> dict[str, Any]:
    """What the row says now, in the words of the entry (`steps/decide.py`)."""
    return {
        "facts_sha256": digest(row.facts),
        "findings_sha256": digest(row.findings),
        "purpose": row.purpose,
        "decision": row.decision,
        "pack_version": row.pack_version,
        "rules_version": row.rules_version,
        "asked_at": instant(row.asked_at),
        "asked_by": row.asked_by,
    }
