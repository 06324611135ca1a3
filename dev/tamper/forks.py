"""A sealer to kill: `python -m dev.tamper.forks`, told on standard input how long each may live.

Each line is a number of milliseconds. The process forks itself, the child runs `workers.sealer`
as it is, without rest, and is killed after that time: Django starts once and not two hundred times.
"""

import os
import signal
import sys
import threading
import time

from django.conf import settings
from django.db import connections

from workers import sealer

REST_S = 0.002


def main() -> None:
    """Answer each line with `killed`, once the child is dead."""
    print("ready", flush=True)
    for line in sys.stdin:
        pid = _fork()
        time.sleep(int(line) / 1000)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        print("killed", flush=True)


def _fork() -> int:
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        settings.SEAL_SECONDS = REST_S
        sealer.run(threading.Event())
        os._exit(0)
    return pid


if __name__ == "__main__":
    main()
