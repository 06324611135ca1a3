"""What every task has in common: who acts, what is retried, and how news is read."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, transaction
from structlog.contextvars import bound_contextvars

from backend import clock
from backend.api.entries import Target
from backend.audit.record import heard, record
from backend.kernel.actor import job
from backend.kernel.errors import Unavailable
from backend.kernel.ids import parse_id
from backend.origin import acting_for
from workers.app import app

PATIENT_RETRY: dict[str, Any] = {
    "autoretry_for": (OperationalError, InterfaceError, ConnectionError, Unavailable),
    "retry_backoff": 2,
    "retry_backoff_max": 300,
    "retry_jitter": True,
    "max_retries": 12,
}
"""The database or the audit trail was away for a moment. What is lost beyond, sweeps find again."""


def task(function: Callable[..., None]) -> Any:
    """A task by its module and name. It takes what it knows and ignores what is added later."""
    return app.task(name=_name_of(function), **PATIENT_RETRY)(_accounted(function))


def long_task(function: Callable[..., None]) -> Any:
    """A task that may take an hour, and whose work the clock asks for again when it was lost.

    Acknowledged at once: the broker would hand out a second time what runs beyond its timeout.
    """
    limits = {"soft_time_limit": 3_500, "time_limit": 3_600}
    settings = {"acks_late": False, **limits, **PATIENT_RETRY}
    return app.task(name=_name_of(function), **settings)(_accounted(function))


def _name_of(function: Callable[..., None]) -> str:
    return f"{function.__module__}.{function.__name__}"


def _accounted(function: Callable[..., None]) -> Callable[..., None]:
    """The function with a name for each run: what it records and changes can be told apart.

    What follows from an event carries the event's number as its request id. Such a run read what
    the event is about: if it had nothing to do, that look is its entry. What runs by the clock
    carries the task and a number of its own, and leaves nothing when nothing was due.
    """
    short = _name_of(function).removeprefix("workers.tasks.")

    @wraps(function)
    def run(**about: Any) -> None:
        event_id = about.get("event_id")
        own = f"{short.replace('.', '_')}_{uuid4().hex}"
        run_id = own if event_id is None else f"event_{event_id}"
        with acting_for(run_id), bound_contextvars(request_id=run_id), heard() as actions:
            function(**about)
            if event_id is not None and not actions:
                _note_look(short, about)

    return run


def _note_look(task_name: str, about: Mapping[str, Any]) -> None:
    refs = {name: str(about[name]) for name in about if name.endswith("_id") and name != "event_id"}
    patient = refs.pop("patient_id", None)
    on = Target(next(iter(refs.values()), patient or "event"), Target(patient) if patient else None)
    with transaction.atomic():
        record(f"job.{task_name}", on=on, by=job(task_name), at=clock.now(), facts=refs)


def uuid_of(public: str) -> UUID:
    """The row behind a public id in an event's payload."""
    return parse_id(public.partition("_")[0], public)
