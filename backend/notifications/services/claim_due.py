"""Take due notices on a lease."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from backend.audit.record import record_each
from backend.db import service
from backend.kernel.actor import Actor
from backend.notifications.lease import BATCH, LEASE
from backend.notifications.models import Notification
from backend.notifications.rules import NOTIFICATIONS

# Each patient is judged by her own clock. Three searches, each by a partial index; locks that
# others hold are passed over, so any number of workers may do this at once.
_CLAIM = """
WITH on_wall_clock AS (
    SELECT notice.id, notice.due_at FROM notifications_notification AS notice
    JOIN accounts_patient AS patient ON patient.id = notice.patient_id
    WHERE notice.status = 'queued' AND notice.due_at <= %(wall)s
        AND (notice.retry_at IS NULL OR notice.retry_at <= %(wall)s)
        AND patient.test_clock_id IS NULL AND %(clock)s::uuid IS NULL
    ORDER BY notice.due_at LIMIT %(batch)s FOR UPDATE OF notice SKIP LOCKED
), on_test_clock AS (
    SELECT notice.id, notice.due_at FROM accounts_testclock AS clock
    JOIN accounts_patient AS patient ON patient.test_clock_id = clock.id
    JOIN notifications_notification AS notice ON notice.patient_id = patient.id
    WHERE notice.status = 'queued' AND notice.due_at <= clock.frozen_at
        AND (notice.retry_at IS NULL OR notice.retry_at <= %(wall)s)
        AND (clock.id = %(clock)s OR (%(clock)s::uuid IS NULL AND clock.status = 'ready'))
    ORDER BY notice.due_at LIMIT %(batch)s FOR UPDATE OF notice SKIP LOCKED
), abandoned AS (
    SELECT notice.id, notice.due_at FROM notifications_notification AS notice
    WHERE notice.status = 'leased' AND notice.lease_until <= %(wall)s
    ORDER BY notice.lease_until LIMIT %(batch)s FOR UPDATE OF notice SKIP LOCKED
), due AS (
    SELECT * FROM on_wall_clock UNION ALL SELECT * FROM on_test_clock
    UNION ALL SELECT * FROM abandoned ORDER BY due_at LIMIT %(batch)s
)
UPDATE notifications_notification AS notice
SET status = 'leased', lease_until = %(until)s, retry_at = NULL,
    epoch = notice.epoch + 1, version = notice.version + 1
FROM due WHERE notice.id = due.id RETURNING notice.id
"""


@service
def claim_due(
    *,
    by: Actor,
    at: datetime,
    test_clock_id: UUID | None = None,
    at_most: int = BATCH,
) -> list[Notification]:
    """At most a batch of due or abandoned notices, each with a new epoch, leased for 60 s.

    `at` is the wall clock, by which leases run. With `test_clock_id` only the patients on that
    clock; without it all others, those on a clock that is just advancing left out.
    """
    values: dict[str, Any] = {
        "wall": at,
        "until": at + LEASE,
        "clock": test_clock_id,
        "batch": at_most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        ids = [row[0] for row in cursor.fetchall()]
    rows = list(
        Notification.objects.select_related("patient__test_clock")
        .filter(id__in=ids)
        .order_by("due_at", "id")
    )
    record_each(NOTIFICATIONS["claim"].action, on=rows, by=by, at=at, facts={})
    return rows
