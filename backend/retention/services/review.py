"""Use case: once a day somebody is told of how many patients the period is over."""

from datetime import datetime

from backend.audit.record import record
from backend.db import service
from backend.kernel.actor import Actor
from backend.retention.models import RetentionReview
from backend.retention.rules import ENDED_RETENTIONS


@service
def keep_review(*, ended: int, held: int, by: Actor, at: datetime) -> RetentionReview:
    """What the look found, for the metrics. Nothing else happens: a person erases."""
    row = RetentionReview(ran_at=at, ended=ended, held=held)
    row.save(force_insert=True)
    facts = {"ended": str(ended), "held": str(held)}
    record(ENDED_RETENTIONS["review"].action, on=row, by=by, at=at, facts=facts)
    return row
