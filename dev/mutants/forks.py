"""A piece of work in a child process, with a limit on the processor's time and on memory."""

import json
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from typing import Any

DONE, TIMEOUT, DIED = "done", "timeout", "died"
MEMORY_BYTES = 1024**3
WALL_SECONDS = 900  # for one that sleeps; else the processor's time counts, whoever else uses it


def forked(work: Callable[[], Any], cpu_seconds: float) -> tuple[str, Any]:
    """Do it in a child, which says nothing on the terminal: how it ended, and its plain result."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            _limit(cpu_seconds)
            with os.fdopen(writing, "wb") as stream:
                stream.write(json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    answer, late = _read_all(reading)
    if late:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return TIMEOUT, None
    return (DONE, json.loads(answer)) if answer else (DIED, None)


def _limit(cpu_seconds: float) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    allow(cpu_seconds)
    silence()


def allow(cpu_seconds: float) -> None:
    """From now on this process may use so many seconds, rounded up; then it is ended."""
    until = int(time.process_time() + cpu_seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def silence() -> None:
    """From now on this process says nothing on the terminal."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _read_all(reading: int) -> tuple[bytes, bool]:
    """All that the child says, and whether it was waited for in vain."""
    found, until = b"", time.monotonic() + WALL_SECONDS
    with os.fdopen(reading, "rb", buffering=0) as stream:
        while True:
            ready, _, _ = select.select([stream], [], [], max(0, until - time.monotonic()))
            if not ready:
                return found, True
            part = stream.read(1 << 20)
            if not part:
                return found, False
            found += part
