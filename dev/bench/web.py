"""Servers and web processes for a benchmark: nothing else runs beside them."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from dev.environment import for_service
from dev.interrupts import interrupted_once
from dev.process import Child
from dev.servers import both
from dev.servers.folders import ROOT, fresh
from dev.servers.ports import on_free_port
from dev.stack import WEB_THREADS, web_command


@dataclass(frozen=True)
class Bench:
    """A database of its own, and how to start web processes on it."""

    environment: Mapping[str, str]
    folder: Path

    def seed(self, what: str, *arguments: str) -> dict[str, Any]:
        """Fill the database (`dev/bench/seed.py`); what it tells about the rows."""
        done = self._run("dev.bench.seed", what, *arguments)
        return dict(json.loads(done))

    def migrate(self) -> None:
        """Make the tables."""
        self.manage("migrate", "--no-input")

    def manage(self, *arguments: str) -> str:
        """Run a management command; what it prints."""
        return self._run("backend.manage", *arguments)

    def copied(self, name: str) -> "Bench":
        """Another database of the same server with all that is in this one. Nobody may be in it."""
        server, _, here = self.environment["DATABASE_URL"].rpartition("/")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as database:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            database.execute(statement.format(sql.Identifier(name), sql.Identifier(here)))
        return replace(self, environment={**self.environment, "DATABASE_URL": f"{server}/{name}"})

    @contextmanager
    def serving(self, name: str, settings: str) -> Iterator[int]:
        """The web server as `make up` starts it; its port."""
        environment = {
            **self.environment,
            "DJANGO_SETTINGS_MODULE": settings,
            "DB_POOL_SIZE": str(WEB_THREADS),
            "LOG_LEVEL": "WARNING",
        }

        def start(port: int) -> Child:
            return Child(
                name,
                [sys.executable, "-m", *web_command(port)],
                log=self.folder / f"{name}.log",
                environment=environment,
                cwd=ROOT,
            )

        child, port = on_free_port(start, _answers, within_s=60)
        try:
            yield port
        finally:
            child.stop()

    def _run(self, *command: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "backend.config.settings"},
            check=True,
            text=True,
            stdout=subprocess.PIPE,
        ).stdout


@contextmanager
def bench() -> Iterator[Bench]:
    """Durable servers of our own (fsync on), migrated, gone at the end."""
    own = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    with (
        interrupted_once(),
        fresh() as folder,
        both.running(folder, durable=True, environment=own) as servers,
    ):
        found = Bench(for_service(folder, servers, own), folder.path)
        found.migrate()
        yield found


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
    except urllib.error.HTTPError:
        return True  # the bare side knows no such path; it answers all the same
    except OSError:
        return False
    return True
