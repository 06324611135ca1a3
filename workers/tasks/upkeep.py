"""Keeping the house clean."""

from django.contrib.sessions.backends.db import SessionStore

from backend import clock
from backend.api.forget import forget_old_keys
from backend.booking.services.expire_holds import expire_holds
from backend.kernel.actor import job
from workers.tasks.run import task

UPKEEP = job("upkeep")


@task
def expire() -> None:
    """Free the slots whose holds have run out."""
    while expire_holds(by=UPKEEP, at=clock.now()) == 100:
        pass


@task
def forget() -> None:
    """Drop replies to idempotency keys older than seven days, and sessions that have expired."""
    while forget_old_keys(by=UPKEEP, at=clock.now()):
        pass
    SessionStore.clear_expired()
