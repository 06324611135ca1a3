"""Whatever was tampered with, a verification ends with a verdict and never with a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DataError, transaction
from django.db import Error as DatabaseError

from backend.audit.verify.findings import Finding, Verdict

# Classes of SQLSTATE that rows or tables can provoke: data, constraints, names, limits, corruption.
# Others (lost connections, time-outs, locks, no memory) say nothing about the trail.
_OF_THE_DATA = frozenset({"0A", "21", "22", "23", "42", "54", "XX"})


def lies_in_data(error: DatabaseError) -> bool:
    """Whether what is stored provoked the error, not the server or the way to it."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state is None:  # found by the driver: a value that Python has no type for
        return isinstance(error, DataError)
    return state[:2] in _OF_THE_DATA


@contextmanager
def told(verdict: Verdict, what: str) -> Iterator[None]:
    """Check one part of the trail; whatever in it cannot even be read is a finding."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if not lies_in_data(error):
            raise
        verdict.add(Finding(f"{what} cannot be read: {type(error.__cause__).__name__}"))
    except MemoryError:
        raise
    except Exception as error:  # hostile rows must not silence the verdict on all the others
        verdict.add(Finding(f"{what} cannot be read: {type(error).__name__}"))
