"""What the delivery of notices refuses."""

from backend.kernel.errors import Refused
from backend.kernel.text import Text


class LeaseLost(Refused):
    """The lease ran out and somebody else has the notice, or it was cancelled meanwhile."""

    code = "lease_lost"
    title = Text("この処理の担当ではなくなりました", "The lease on this work was lost")
