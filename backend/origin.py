"""What every entry says about its request or job, without each service passing it on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Origin:
    """The request or job that is under way: `request_id` joins entries, logs and answers."""

    request_id: str
    purpose: str = "treatment"


EMERGENCY = "emergency"  # seen or done with broken glass: `backend.care`

_NOWHERE = Origin(request_id="none")
_origin: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


def origin() -> Origin:
    """The request or job under way; `none` outside both."""
    return _origin.get()


@contextmanager
def acting_for(request_id: str, purpose: str = "treatment") -> Iterator[None]:
    """Everything recorded inside belongs to this request or job."""
    token = _origin.set(Origin(request_id=request_id, purpose=purpose))
    try:
        yield
    finally:
        _origin.reset(token)


@contextmanager
def for_purpose(purpose: str) -> Iterator[None]:
    """The same request or job, for another purpose inside."""
    token = _origin.set(replace(_origin.get(), purpose=purpose))
    try:
        yield
    finally:
        _origin.reset(token)


def go_on_for(purpose: str) -> None:
    """What is left of the request under way is for another purpose; nothing outside of one."""
    if _origin.get() is not _NOWHERE:
        _origin.set(replace(_origin.get(), purpose=purpose))
