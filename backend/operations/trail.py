"""How the audit trail fares: how long records wait for the seal, and what the last look found."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import structlog
from django.db import connection

from backend.audit.events import TRAIL_BROKEN
from backend.audit.models import Checkpoint, SealerRun, Verification
from backend.audit.verify.findings import Verdict
from backend.audit.verify.keep import keep_verdict
from backend.db import service
from backend.kernel.actor import Actor
from backend.operations.granting import shortcomings
from backend.outbox.emit import emit

UNSEALED_SECONDS = 60  # the longest that a record may wait; the sealer comes every ten seconds
UNVERIFIED_SECONDS = 36 * 60 * 60
NIGHT = time(18, tzinfo=UTC)  # three o'clock in Tokyo: the whole trail is read when few are awake

log = structlog.get_logger("trail")

# The first record after the last seal. Transaction ids that the database has not reached yet are
# those of a former life (see `backend.audit.seal`) and wait for nothing.
FIRST_UNSEALED = """
SELECT recorded_at FROM audit_record AS record
WHERE xid >= %s AND xid < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
  AND NOT EXISTS (SELECT FROM audit_sealedleaf WHERE record_id = record.id)
ORDER BY xid LIMIT 1
"""
_NEXT_XID = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


@dataclass(frozen=True, slots=True)
class TrailState:
    """Sizes in records, ages in seconds of the wall clock; None where there is nothing yet."""

    tree_size: int
    unsealed_age_seconds: float | None
    sealer_last_run_age_seconds: float | None
    last_verification_age_seconds: float | None
    last_verification_sound: bool | None
    is_guarded_by_roles: bool

    @property
    def warnings(self) -> list[str]:
        """What an operator must look at, as codes that stay (README.md, Deploy)."""
        late = (self.last_verification_age_seconds or 0) > UNVERIFIED_SECONDS
        found = {
            "audit_trail_not_sound": self.last_verification_sound is False,
            "audit_trail_not_verified_for_36_hours": late,
            "service_may_change_the_audit_trail": not self.is_guarded_by_roles,
        }
        return [code for code, holds in found.items() if holds]


def trail_state(now: datetime) -> TrailState:
    """Six small questions, each answered from an index, however long the trail is."""
    head = Checkpoint.objects.order_by("-size").values_list("size", "settled_xmin").first()
    size, settled = head or (0, 0)
    ran_at = SealerRun.objects.values_list("ran_at", flat=True).first()
    verified = Verification.objects.order_by("-id").values_list("ran_at", "is_sound").first()
    return TrailState(
        tree_size=size,
        unsealed_age_seconds=_age(_first_unsealed(settled), now),
        sealer_last_run_age_seconds=_age(ran_at, now),
        last_verification_age_seconds=_age(verified[0] if verified else None, now),
        last_verification_sound=verified[1] if verified else None,
        is_guarded_by_roles=not shortcomings(),
    )


def _age(then: datetime | None, now: datetime) -> float | None:
    return None if then is None else max(0.0, (now - then).total_seconds())


def _first_unsealed(settled_xmin: int) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_XID)
        (next_xid,) = cursor.fetchone()
        # Restored elsewhere, and not sealed since.
        cursor.execute(FIRST_UNSEALED, [settled_xmin if settled_xmin <= next_xid else 0])
        row = cursor.fetchone()
    return row[0] if row else None


def watch_trail(*, at: datetime) -> TrailState:
    """Raise the alarm (a log line at level error) while records wait too long for the seal."""
    state = trail_state(at)
    if (state.unsealed_age_seconds or 0) > UNSEALED_SECONDS:
        log.error(
            "audit_unsealed",
            unsealed_age_seconds=state.unsealed_age_seconds,
            sealer_last_run_age_seconds=state.sealer_last_run_age_seconds,
            tree_size=state.tree_size,
        )
    return state


def verification_is_due(*, at: datetime) -> bool:
    """Whether the whole trail was not looked at since last night fell."""
    night = datetime.combine(at.astimezone(UTC).date(), NIGHT)
    if night > at:
        night -= timedelta(days=1)
    last = Verification.objects.order_by("-id").values_list("ran_at", flat=True).first()
    return last is None or last < night


@service
def report_verdict(*, verdict: Verdict, by: Actor, at: datetime) -> Verification:
    """Keep what a look at the whole trail found; announce it and log an error if it is broken."""
    row = keep_verdict(verdict, by=by, at=at)
    if not verdict.is_sound:
        emit(
            TRAIL_BROKEN,
            at=at,
            payload={"verification": str(row.id), "findings": str(verdict.wrong)},
        )
        log.error(
            "audit_trail_broken",
            verification=row.id,
            findings=verdict.wrong,
            first=str(verdict.findings[0]),
        )
    return row
