"""Under whom PostgreSQL runs: it refuses uid 0."""

import os
import subprocess
from functools import cache
from pathlib import Path
from signal import SIGKILL

from dev.process import wrapped

NOBODY = 65534


@cache
def for_postgres() -> str:
    """`self` for an ordinary user; for root a user namespace, or nobody where there is none."""
    if os.geteuid() != 0:
        return "self"
    trial = wrapped(["true"], dies_by=SIGKILL, identity="namespace")
    done = subprocess.run(trial, capture_output=True, timeout=20, check=False)
    return "namespace" if done.returncode == 0 else "nobody"


def can_run(program: Path, identity: str) -> bool:
    """Whether the server's user can get at a program; nobody cannot look below /root."""
    trial = wrapped([program, "--version"], dies_by=SIGKILL, identity=identity)
    return subprocess.run(trial, capture_output=True, timeout=20, check=False).returncode == 0


def give(path: Path, identity: str) -> None:
    """Let the server own a folder and what is in it; only `nobody` needs this."""
    if identity != "nobody":
        return
    for one in (path, *path.rglob("*")):
        os.chown(one, NOBODY, NOBODY)
