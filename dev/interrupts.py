"""Ctrl-C, SIGTERM and SIGHUP: the first one ends the run in order, the others wait."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """A signal asked us to stop."""

    def __init__(self, number: int) -> None:
        """Keep the signal's number for the exit code."""
        super().__init__(signal.Signals(number).name)
        self.number = number


def _patiently(_number: int, _frame: object) -> None:
    """Stopping has begun and is bounded; a second signal must not cut it short."""


@contextmanager
def interrupted_once() -> Iterator[None]:
    """Inside, the first signal raises Interrupted and later ones do nothing."""

    def first(number: int, _frame: object) -> None:
        for one in SIGNALS:
            signal.signal(one, _patiently)
        raise Interrupted(number)

    before = {one: signal.signal(one, first) for one in SIGNALS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
