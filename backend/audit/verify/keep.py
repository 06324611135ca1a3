"""Keep what a look at the whole trail found, in the trail itself."""

from dataclasses import dataclass
from datetime import datetime

from backend.audit.models import Verification
from backend.audit.record import record
from backend.audit.verify.findings import Verdict
from backend.db import require_transaction
from backend.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class _Trail:
    ref: str = "audit_trail"


def keep_verdict(verdict: Verdict, *, by: Actor, at: datetime) -> Verification:
    """Store the verdict with its findings, and an entry that says who looked."""
    require_transaction()
    row = Verification.objects.create(
        ran_at=at,
        records=verdict.records,
        tree_size=verdict.tree_size,
        is_sound=verdict.is_sound,
        findings=[finding.as_json() for finding in verdict.findings],
    )
    facts = {
        "verification": str(row.id),
        "records": str(verdict.records),
        "tree_size": str(verdict.tree_size),
        "findings": str(verdict.wrong),
    }
    record("audit_trail.verify", on=_Trail(), by=by, at=at, facts=facts)
    return row
