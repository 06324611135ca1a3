"""Take due follow-ups on a lease."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from backend.audit.record import record_each
from backend.db import service
from backend.followups.lease import BATCH, LEASE
from backend.followups.models import FollowUp
from backend.followups.rules import FOLLOW_UPS
from backend.kernel.actor import Actor

# Each patient is judged by her own clock. Three searches, each by a partial index; locks that
# others hold are passed over, so any number of workers may do this at once.
_CLAIM = """
WITH on_wall_clock AS (
    SELECT row.id, row.due_at FROM followups_followup AS row
    JOIN accounts_patient AS patient ON patient.id = row.patient_id
    WHERE row.status = 'pending' AND row.due_at <= %(wall)s
        AND patient.test_clock_id IS NULL AND %(clock)s::uuid IS NULL
    ORDER BY row.due_at LIMIT %(batch)s FOR UPDATE OF row SKIP LOCKED
), on_test_clock AS (
    SELECT row.id, row.due_at FROM accounts_testclock AS clock
    JOIN accounts_patient AS patient ON patient.test_clock_id = clock.id
    JOIN followups_followup AS row ON row.patient_id = patient.id
    WHERE row.status = 'pending' AND row.due_at <= clock.frozen_at
        AND (clock.id = %(clock)s OR (%(clock)s::uuid IS NULL AND clock.status = 'ready'))
    ORDER BY row.due_at LIMIT %(batch)s FOR UPDATE OF row SKIP LOCKED
), abandoned AS (
    SELECT row.id, row.due_at FROM followups_followup AS row
    WHERE row.status = 'leased' AND row.lease_until <= %(wall)s
    ORDER BY row.lease_until LIMIT %(batch)s FOR UPDATE OF row SKIP LOCKED
), due AS (
    SELECT * FROM on_wall_clock UNION ALL SELECT * FROM on_test_clock
    UNION ALL SELECT * FROM abandoned ORDER BY due_at LIMIT %(batch)s
)
UPDATE followups_followup AS row
SET status = 'leased', lease_until = %(until)s, epoch = row.epoch + 1,
    attempts = row.attempts + 1, version = row.version + 1
FROM due WHERE row.id = due.id RETURNING row.id
"""


@service
def claim_due(
    *,
    by: Actor,
    at: datetime,
    test_clock_id: UUID | None = None,
    at_most: int = BATCH,
) -> list[FollowUp]:
    """At most a batch of due or abandoned rows, each with a new epoch, leased for 60 s.

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
        ids = [found[0] for found in cursor.fetchall()]
    rows = list(
        FollowUp.objects.select_related("patient__test_clock")
        .filter(id__in=ids)
        .order_by("due_at", "id")
    )
    record_each(FOLLOW_UPS["claim"].action, on=rows, by=by, at=at, facts={})
    return rows
