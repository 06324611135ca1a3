"""Is the service able to work? What probes and metrics ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Min

from backend.followups.queries import oldest_due
from backend.operations.trail import UNSEALED_SECONDS, TrailState, trail_state
from backend.outbox.models import OutboxEvent

# Older than this, the work is named as lagging.
STALE_SECONDS: Mapping[str, float] = {
    "oldest_due_reminder_seconds": 120,
    "oldest_unsent_event_seconds": 120,
    "audit_unsealed_age_seconds": UNSEALED_SECONDS,
    "audit_sealer_last_run_age_seconds": UNSEALED_SECONDS,
}


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found; ages in seconds, None where nothing waits or it could not be asked."""

    database: bool
    broker: bool
    oldest_due_reminder_seconds: float | None
    oldest_unsent_event_seconds: float | None
    trail: TrailState | None

    @property
    def is_ready(self) -> bool:
        """Requests can be answered. A broker that is away delays work but loses none."""
        return self.database

    @property
    def ages(self) -> dict[str, float | None]:
        """How long work has been waiting, by the names of STALE_SECONDS."""
        trail = self.trail
        return {
            "oldest_due_reminder_seconds": self.oldest_due_reminder_seconds,
            "oldest_unsent_event_seconds": self.oldest_unsent_event_seconds,
            "audit_unsealed_age_seconds": trail.unsealed_age_seconds if trail else None,
            "audit_sealer_last_run_age_seconds": (
                trail.sealer_last_run_age_seconds if trail else None
            ),
        }

    @property
    def lagging(self) -> list[str]:
        """The names of the work that has been waiting too long."""
        return sorted(name for name, age in self.ages.items() if (age or 0) > STALE_SECONDS[name])


def readiness(now: datetime) -> Readiness:
    """Ask the database, the broker, the two queues and the audit trail."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        due, unsent, trail = oldest_due(now), oldest_unsent(now), trail_state(now)
    except DatabaseError:
        return Readiness(False, broker_answers(), None, None, None)
    return Readiness(True, broker_answers(), due, unsent, trail)


def oldest_unsent(now: datetime) -> float | None:
    """Age of the oldest event that no worker has been told of, in seconds of the wall clock."""
    oldest = OutboxEvent.objects.filter(handed_over_at=None).aggregate(at=Min("written_at"))["at"]
    return max(0.0, (now - oldest).total_seconds()) if oldest else None


def broker_answers() -> bool:
    """Whether Redis answers within a second."""
    try:
        client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, retry=None
        )
        with client:
            return bool(client.ping())
    except redis.RedisError:
        return False
