"""Starting a server on a port that is free."""

import re
import socket
from collections.abc import Callable
from functools import partial

from dev.process import Child, StartFailed

TAKEN = re.compile("could not bind|already in use|address in use", re.IGNORECASE)
TRIES = 3


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def on_free_port(
    start: Callable[[int], Child], answers: Callable[[int], bool], *, within_s: float
) -> tuple[Child, int]:
    """What `start` made and the port it answers on.

    Between finding a port and using it somebody may take it: then another one is tried.
    Raises StartFailed.
    """
    for tries_left in reversed(range(TRIES)):
        port = free_port()
        child = start(port)
        try:
            child.wait_until(partial(answers, port), within_s=within_s)
        except BaseException as failure:
            child.stop()
            taken = isinstance(failure, StartFailed) and TAKEN.search(str(failure))
            if tries_left and taken:
                continue
            raise
        return child, port
    raise AssertionError("the last try returns or raises")
