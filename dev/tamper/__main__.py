"""`make tamper [COUNT=10000] [SEED=…]`: is every tampering with the sealed log found, and named?

A log of some hundreds of records is made by the real services and sealed. Then a superuser flips,
deletes, inserts, reorders, truncates and rewrites, one thing at a time; after each the log is
verified, and the change is undone. Anything less than all of them found and named: exit code 1.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from queue import Queue
from threading import Thread
from typing import Any

import psycopg
from psycopg import sql

from dev.tamper.place import Place, place
from dev.tamper.report import Report

PROCESSES = max(2, os.cpu_count() or 2)


def main() -> int:
    """Make the log, tamper with it, print the table; 1 below 100 in 100."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    begun = time.monotonic()
    report = Report(asked.count)
    with place(durable=False) as here:
        told = here.run("dev.tamper.worker", "build", **here.superuser)
        for outcome in _outcomes(here, told, asked.count, asked.seed):
            report.add(outcome)
    report.show(time.monotonic() - begun)
    return 0 if report.is_complete else 1


def _copies(url: str) -> Iterator[str]:
    """A database for each process: tamperings that are not undone yet would wait for each other."""
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for number in range(PROCESSES):
            copy = f"tamper_{number}"
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(statement.format(sql.Identifier(copy), sql.Identifier(name)))
            yield f"{server}/{copy}"


def _outcomes(here: Place, told: str, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """What each process says, as it says it. Raises RuntimeError where one of them fails."""
    lines: Queue[str | None] = Queue()
    processes = []
    for number, url in enumerate(list(_copies(here.superuser["DATABASE_URL"]))):
        share = count // PROCESSES + (number < count % PROCESSES)
        words = ("dev.tamper.worker", "try", str(share), str(seed + number))
        process = here.start(*words, DATABASE_URL=url)
        processes.append(process)
        Thread(target=_hear, args=(process, told, lines), daemon=True).start()
    talking = len(processes)
    while talking:
        line = lines.get()
        if line is None:
            talking -= 1
        else:
            yield json.loads(line)
    if any([process.wait() for process in processes]):
        raise RuntimeError("a process failed; what it said stands above")


def _hear(process: "subprocess.Popen[str]", told: str, lines: "Queue[str | None]") -> None:
    if process.stdin is not None and process.stdout is not None:
        process.stdin.write(told)
        process.stdin.close()
        for line in process.stdout:
            lines.put(line)
    lines.put(None)


if __name__ == "__main__":
    sys.exit(main())
