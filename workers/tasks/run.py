"""What every task has in common: who acts, what is retried, and how news is read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError

from backend.kernel.ids import parse_id
from backend.origin import acting_for
from workers.app import app

PATIENT_RETRY: dict[str, Any] = {
    "autoretry_for": (OperationalError, InterfaceError, ConnectionError),
    "retry_backoff": 2,
    "retry_backoff_max": 300,
    "retry_jitter": True,
    "max_retries": 12,
}
"""The database was away for a moment. What is lost beyond that, the sweeps find again."""


def task(function: Callable[..., None]) -> Any:
    """A task by its module and name. It takes what it knows and ignores what is added later."""
    return app.task(name=f"{function.__module__}.{function.__name__}", **PATIENT_RETRY)(function)


def long_task(function: Callable[..., None]) -> Any:
    """A task that may take an hour, and whose work the clock asks for again when it was lost.

    Acknowledged at once: the broker would hand out a second time what runs beyond its timeout.
    """
    name = f"{function.__module__}.{function.__name__}"
    limits = {"soft_time_limit": 3_500, "time_limit": 3_600}
    return app.task(name=name, acks_late=False, **limits, **PATIENT_RETRY)(function)


@contextmanager
def news(event_id: int) -> Iterator[None]:
    """Entries that follow from an event carry its number as their request id."""
    with acting_for(f"event_{event_id}"):
        yield


def uuid_of(public: str) -> UUID:
    """The row behind a public id in an event's payload."""
    return parse_id(public.partition("_")[0], public)
