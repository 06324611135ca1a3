"""The loop over the due table: claim, do, until nothing is due. Any number may run at once."""

from uuid import UUID

import structlog

from backend import clock
from backend.followups.lease import BATCH
from backend.followups.models import FollowUp
from backend.followups.services.claim_due import claim_due
from backend.followups.services.finish import finish
from backend.kernel.actor import Actor
from backend.kernel.errors import LeaseLost

log = structlog.get_logger("followups")


def run_due(*, by: Actor, test_clock_id: UUID | None = None) -> int:
    """Do what is due, oldest first; returns how many rows were taken up.

    One row that fails does not keep the others waiting: its lease runs out and it is tried
    again, and its age shows in the oldest-due figure.
    """
    taken = 0
    while True:
        due = claim_due(by=by, at=clock.now(), test_clock_id=test_clock_id)
        for row in due:
            _do(row, by=by)
        taken += len(due)
        if len(due) < BATCH:
            return taken


def _do(row: FollowUp, *, by: Actor) -> None:
    try:
        finish(follow_up_id=row.id, epoch=row.epoch, by=by, at=clock.now(row.patient))
    except LeaseLost:
        log.warning("follow_up_lease_lost", follow_up=row.ref, epoch=row.epoch)
    except Exception:
        log.exception("follow_up_failed", follow_up=row.ref, attempts=row.attempts)
