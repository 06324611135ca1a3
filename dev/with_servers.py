"""Run one command beside PostgreSQL and Redis, then stop them.

    python -m dev.with_servers [--durable] -- COMMAND...

Exports DATABASE_URL, REDIS_URL and, where they are not set, the other variables that the
service needs. The exit code is the command's. Signals go to it.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from dev.environment import for_service
from dev.interrupts import SIGNALS, Interrupted
from dev.process import StartFailed, wrapped
from dev.servers import both, find
from dev.servers.folders import fresh

GRACE_S = 20


def _terminal_tells_everyone() -> bool:
    """At a terminal Ctrl-C reaches the command by itself."""
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


class Passing:
    """Hands signals on to the command; until there is one, ends the start of the servers."""

    def __init__(self) -> None:
        """From now on SIGINT, SIGTERM and SIGHUP come here."""
        self._command: subprocess.Popen[bytes] | None = None
        for number in SIGNALS:
            signal.signal(number, self._receive)

    def _receive(self, number: int, _frame: object) -> None:
        if self._command is None:
            raise Interrupted(number)
        if self._command.poll() is not None:
            return
        if number != signal.SIGINT or not _terminal_tells_everyone():
            self._command.send_signal(number)
        signal.signal(signal.SIGALRM, self._enough)
        signal.alarm(GRACE_S)

    def _enough(self, _number: int, _frame: object) -> None:
        if self._command is not None:
            self._command.kill()

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run the command to its end; as a shell says it, 128 + n when signal n ended it."""
        start = wrapped(command, dies_by=signal.SIGTERM)
        self._command = subprocess.Popen(start, env=dict(environment))
        code = self._command.wait()
        signal.alarm(0)
        return code if code >= 0 else 128 - code


def run(command: Sequence[str], *, durable: bool = False) -> int:
    """Start what is needed, run the command, stop everything; the command's exit code."""
    passing = Passing()
    try:
        with fresh() as folder, both.running(folder, durable=durable) as servers:
            return passing.run(command, for_service(folder, servers, os.environ))
    except Interrupted as interrupted:
        return 128 + interrupted.number
    except (StartFailed, find.NothingFound) as problem:
        print(problem, file=sys.stderr)
        return 1


def main(arguments: Sequence[str]) -> int:
    """Read the command line; 2 when it is not understood."""
    durable = list(arguments[:1]) == ["--durable"]
    rest = arguments[1:] if durable else arguments
    if len(rest) < 2 or rest[0] != "--":
        print(__doc__, file=sys.stderr)
        return 2
    return run(rest[1:], durable=durable)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
