"""Is the service able to work? What probes and metrics ask."""

from dataclasses import dataclass
from datetime import datetime

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Min

from backend.followups.queries import oldest_due
from backend.outbox.models import OutboxEvent

STALE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found; ages in seconds, None where nothing waits or it could not be asked."""

    database: bool
    broker: bool
    oldest_due_reminder_seconds: float | None
    oldest_unsent_event_seconds: float | None

    @property
    def is_ready(self) -> bool:
        """Requests can be answered. A broker that is away delays work but loses none."""
        return self.database


def readiness(now: datetime) -> Readiness:
    """Ask the database, the broker and the two queues."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        due, unsent = oldest_due(now), oldest_unsent(now)
        database = True
    except DatabaseError:
        due, unsent, database = None, None, False
    return Readiness(database, broker_answers(), due, unsent)


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
