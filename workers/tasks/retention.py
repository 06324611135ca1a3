"""Whose record was kept long enough? Somebody is told; nothing is erased by a job."""

from backend import clock
from backend.kernel.actor import job
from backend.retention.queries import counted, review_is_due
from backend.retention.services.review import keep_review
from workers.tasks.run import long_task

RETENTION = job("retention")


@long_task
def review() -> None:
    """Once a day all patients; a day that was missed is made up for."""
    at = clock.now()
    if review_is_due(at=at):
        ended, held = counted(now=at)
        keep_review(ended=ended, held=held, by=RETENTION, at=at)
