"""Runs the launcher as a person does: as a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GIVEN = (
    *("DATABASE_URL", "APP_DATABASE_URL", "SEALER_DATABASE_URL", "REDIS_URL"),
    *("SECRET_KEY", "SIGNING_KEY", "AUDIT_SIGNING_KEY", "EMAIL_URL", "PUBLIC_URL"),
)


def environment(**more: str) -> dict[str, str]:
    """Ours, without what `make test` has set, so that servers are really started."""
    kept = {name: value for name, value in os.environ.items() if name not in GIVEN}
    return {**kept, **more}


def with_servers(*command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command beside the servers, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "dev.with_servers", "--", *command],
        cwd=ROOT,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def started(code: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """A Python process in the checkout, its output ours to read."""
    return subprocess.Popen(
        [sys.executable, "-u", "-c", code],
        cwd=ROOT,
        env=env or environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def eventually(holds: Callable[[], bool], *, within_s: float = 20) -> bool:
    """Whether it holds before the time is up."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
