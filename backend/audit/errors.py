"""What is answered when the trail cannot be written."""

from django.db import DatabaseError

from backend.kernel.errors import Unavailable
from backend.kernel.text import Text

_TRIGGER = "keep_change()"


class Unrecorded(Unavailable):
    """The trail could not be written, so nothing was done and nothing shown (503)."""

    code = "not_recorded"
    title = Text(
        "監査記録を書き込めないため、この操作は行われませんでした。しばらくしてからもう一度お試しください",
        "The audit trail cannot be written, so nothing was done; try again in a moment",
    )


def is_about_the_trail(error: BaseException) -> bool:
    """Whether a row was refused only because its change could not be kept (`keep_change()`)."""
    diag = getattr(error.__cause__, "diag", None)
    context = str(getattr(diag, "context", None) or "")
    return isinstance(error, DatabaseError) and _TRIGGER in context
