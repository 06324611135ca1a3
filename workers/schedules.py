"""Everything that runs by the clock, in one table. Beat only ticks; what is due is a row.

Two beats at once are harmless: rows are claimed under a lease.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings

TICK = timedelta(seconds=settings.TICK_SECONDS)
HOUR = timedelta(hours=1)


def _every(interval: timedelta, task: str) -> dict[str, Any]:
    # A tick that no worker took before the next one is worth nothing: it expires.
    return {
        "task": task,
        "schedule": interval,
        "options": {"expires": interval.total_seconds(), "ignore_result": True},
    }


SCHEDULES: dict[str, dict[str, Any]] = {
    "due follow-ups, notices, escalations": _every(TICK, "workers.tasks.followups.sweep"),
    "test clocks": _every(2 * TICK, "workers.tasks.followups.sweep_clocks"),
    "webhooks": _every(2 * TICK, "workers.tasks.pharmacy.sweep_webhooks"),
    "claims and windows": _every(4 * TICK, "workers.tasks.pharmacy.sweep_windows"),
    "alerts of emergency accesses": _every(4 * TICK, "workers.tasks.care.sweep_alerts"),
    "expired holds": _every(4 * TICK, "workers.tasks.upkeep.expire"),
    "audit trail sealed in time": _every(TICK, "workers.tasks.trail.watch"),
    "exports signed by the sealer": _every(TICK, "workers.tasks.exports.sweep"),
    "exports not built yet": _every(4 * TICK, "workers.tasks.exports.build_waiting"),
    "audit trail verified once a night": _every(HOUR, "workers.tasks.trail.verify"),
    "periods that are over, once a day": _every(HOUR, "workers.tasks.retention.review"),
    "plans that do not fit": _every(HOUR, "workers.tasks.followups.reconcile"),
    "decisions of older packs": _every(HOUR, "workers.tasks.packs.review"),
    "old idempotency keys and sessions": _every(HOUR, "workers.tasks.upkeep.forget"),
}
