"""Forget replies that nobody will ask for again."""

from datetime import datetime, timedelta

from backend.api.models import IdempotencyKey
from backend.db import service
from backend.kernel.actor import Actor

KEPT = timedelta(days=7)


@service
def forget_old_keys(
    *,
    by: Actor,  # noqa: ARG001 - every service says who acts
    at: datetime,
    at_most: int = 5000,
) -> int:
    """Delete at most `at_most` replies older than seven days (wall clock). Returns how many."""
    old = IdempotencyKey.objects.filter(created_at__lt=at - KEPT).order_by("id")[:at_most]
    gone, _ = IdempotencyKey.objects.filter(id__in=list(old.values_list("id", flat=True))).delete()
    return gone
