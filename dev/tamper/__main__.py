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
from collections.abc import Iterator, Mapping
from queue import Queue
from threading import Thread
from typing import Any

import psycopg
from psycopg import sql

from dev.environment import for_service
from dev.interrupts import interrupted_once
from dev.servers import both
from dev.servers.folders import ROOT, fresh
from dev.tamper.report import Report

PROCESSES = max(2, os.cpu_count() or 2)
_OURS = {"DATABASE_URL", "APP_DATABASE_URL", "SEALER_DATABASE_URL", "REDIS_URL"}


def main() -> int:
    """Make the log, tamper with it, print the table; 1 below 100 in 100."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    begun = time.monotonic()
    report = Report(asked.count)
    own = {name: value for name, value in os.environ.items() if name not in _OURS}
    with (
        interrupted_once(),
        fresh() as folder,
        both.running(folder, durable=False, environment=own) as servers,
    ):
        environment = {
            **for_service(folder, servers, own),
            "DJANGO_SETTINGS_MODULE": "backend.config.settings",
            "ALLOWED_HOSTS": "testserver",
            "LOG_LEVEL": "ERROR",
        }
        _run(environment, "backend.manage", "migrate", "--no-input", "--verbosity=0")
        superuser = _superuser(servers.database_url, folder.secret("postgres.secret"))
        told = _run({**environment, "DATABASE_URL": superuser}, "dev.tamper.worker", "build")
        databases = list(_copies(superuser))
        for outcome in _outcomes(environment, databases, told, asked.count, asked.seed):
            report.add(outcome)
    report.show(time.monotonic() - begun)
    return 0 if report.is_complete else 1


def _superuser(url: str, password: str) -> str:
    """The same database, by the account that no guard stops."""
    return f"postgres://postgres:{password}@{url.rpartition('@')[2]}"


def _copies(url: str) -> Iterator[str]:
    """A database for each process: tamperings that are not undone yet would wait for each other."""
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for number in range(PROCESSES):
            copy = f"tamper_{number}"
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(statement.format(sql.Identifier(copy), sql.Identifier(name)))
            yield f"{server}/{copy}"


def _outcomes(
    environment: Mapping[str, str], databases: list[str], told: str, count: int, seed: int
) -> Iterator[dict[str, Any]]:
    """What each process says, as it says it. Raises RuntimeError where one of them fails."""
    lines: Queue[str | None] = Queue()
    processes = []
    for number, url in enumerate(databases):
        share = count // len(databases) + (number < count % len(databases))
        process = _started(environment, url, "try", str(share), str(seed + number))
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


def _started(environment: Mapping[str, str], url: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        _command("dev.tamper.worker", *arguments),
        cwd=ROOT,
        env={**environment, "DATABASE_URL": url},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _hear(process: "subprocess.Popen[str]", told: str, lines: "Queue[str | None]") -> None:
    if process.stdin is not None and process.stdout is not None:
        process.stdin.write(told)
        process.stdin.close()
        for line in process.stdout:
            lines.put(line)
    lines.put(None)


def _run(environment: Mapping[str, str], *command: str) -> str:
    return subprocess.run(
        _command(*command),
        cwd=ROOT,
        env=dict(environment),
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    ).stdout


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", *words]


if __name__ == "__main__":
    sys.exit(main())
