"""How long the commands take that a person waits for."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from dev.bench.figures import Figure, at_most

ROOT = Path(__file__).resolve().parents[2]


def measure_demo() -> Iterator[Figure]:
    """`make demo ONCE=1` on a machine that has run it before."""
    yield at_most("demo, again", _timed("demo", "ONCE=1"), "s", 45)


def measure_suite() -> Iterator[Figure]:
    """`make test`."""
    yield at_most("test suite", _timed("test"), "s", 300)


def _timed(*arguments: str) -> float:
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    begun = time.perf_counter()
    subprocess.run(
        ["make", *arguments],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=900,
    )
    return time.perf_counter() - begun
