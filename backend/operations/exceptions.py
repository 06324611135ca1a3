"""An exception as a log may keep it: its kind and its way, never its words.

The words of an exception hold what it stumbled over. PostgreSQL's are the worst: "Failing row
contains (…)" quotes a patient with name and birthday.
"""

import logging
import traceback
from collections.abc import Mapping
from typing import Any


def told(exc_info: Any) -> str:
    """The chain of exceptions: kind (with SQLSTATE and constraint), then file, line, function."""
    error: BaseException | None = exc_info[1]
    lines: list[str] = []
    while error is not None:
        lines.append(_kind(error))
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def without_words(record: logging.LogRecord) -> bool:
    """Celery writes the exception into the message too: keep its kind there (a log filter)."""
    if isinstance(record.args, Mapping) and "exc" in record.args:
        error = record.exc_info[1] if record.exc_info else None
        kind = _kind(error) if error is not None else "an exception"
        record.args = {**record.args, "exc": kind, "traceback": ""}
    return True


def _kind(error: BaseException) -> str:
    named = f"{type(error).__module__}.{type(error).__qualname__}"
    diag = getattr(error, "diag", None)
    known = [getattr(diag, name, None) for name in ("sqlstate", "table_name", "constraint_name")]
    return " ".join([named, *(str(said) for said in known if said)])
