"""How long a worker holds a notice, and when it is tried again. Plain Python."""

from datetime import timedelta

LEASE = timedelta(seconds=60)  # longer than any call to a channel
BATCH = 50  # claims of 50 are the fastest that stay short: reliability, design (a)
MOST_ATTEMPTS = 5
_PAUSES = (1, 5, 15, 60)  # minutes after the first, second, … attempt


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts (from 1)."""
    return timedelta(minutes=_PAUSES[min(attempts, len(_PAUSES)) - 1])
