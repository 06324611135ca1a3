"""Does a decision still say what the audit trail says that it said?"""

from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag

from backend.audit.ciphers import commitment_to
from backend.audit.models import AuditEntry
from backend.audit.read import opened
from backend.audit.record import instant, leaf_hash
from backend.prescriptions.models import Decision
from backend.prescriptions.replaying import digest

ALTERED, SEALED = "entry", "sealed"


@dataclass(frozen=True, slots=True)
class Trail:
    """The entry of a decision (None: there is none), and what it says otherwise, by name.

    `entry`: the entry itself does not fit its hash. `sealed`: the patient's key is destroyed, so
    that nobody can read any more what the entry vouched for.
    """

    entry: str | None
    differs: tuple[str, ...]

    @property
    def unaltered(self) -> bool:
        """Whether there is an entry and it says the same."""
        return self.entry is not None and not self.differs


def trail_of(row: Decision) -> Trail:
    """Compare a decision with the entry that was written with it."""
    entries = AuditEntry.objects.filter(object_ref=row.ref, action=f"decision.{row.moment}")
    entry = entries.order_by("id").first()
    if entry is None:
        return Trail(None, ())
    return Trail(str(entry.id), _differs(row, entry))


def _differs(row: Decision, entry: AuditEntry) -> tuple[str, ...]:
    facts, fits = _facts_of(entry)
    if not fits or leaf_hash(bytes(entry.body)) != bytes(entry.leaf):
        return (ALTERED,)
    if facts is None:
        return (SEALED,)
    said = {**facts, "asked_at": entry.content["at"], "asked_by": entry.content["actor"]}
    # An entry of an older version says less.
    return tuple(name for name, is_now in _now(row).items() if said.get(name, is_now) != is_now)


def _facts_of(entry: AuditEntry) -> tuple[dict[str, Any] | None, bool]:
    """What the entry recorded (None: its key is gone), and whether that fits its commitment."""
    try:
        (read,) = opened([entry])
    except InvalidTag:
        return None, False
    if read.facts is None or read.salt is None:
        return read.facts, True
    return read.facts, commitment_to(read.facts, read.salt) == entry.content.get("commitment")


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
