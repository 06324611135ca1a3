"""Servers of our own with the tables made, and processes of ours that work on them."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from dev.environment import as_app, as_sealer, for_service
from dev.interrupts import interrupted_once
from dev.servers import both
from dev.servers.folders import ROOT, fresh

_OURS = {"DATABASE_URL", "APP_DATABASE_URL", "SEALER_DATABASE_URL", "REDIS_URL"}


@dataclass(frozen=True)
class Place:
    """What the owner of the tables needs to know, and what changes for everybody else.

    `superuser`: the account that no guard stops. `app` and `sealer`: the roles of production.
    `verifier`: the owner, who knows the log's key.
    """

    environment: Mapping[str, str]
    superuser: Mapping[str, str]
    app: Mapping[str, str]
    sealer: Mapping[str, str]
    verifier: Mapping[str, str]

    def run(self, *command: str, **changes: str) -> str:
        """Run a module to its end; what it says."""
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**self.environment, **changes},
            check=True,
            text=True,
            stdout=subprocess.PIPE,
        ).stdout

    def start(self, *command: str, **changes: str) -> "subprocess.Popen[str]":
        """Start a module, with pipes to it and from it."""
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**self.environment, **changes},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )


@contextmanager
def place(*, durable: bool) -> Iterator[Place]:
    """PostgreSQL and Valkey on free ports; gone at the end."""
    own = {name: value for name, value in os.environ.items() if name not in _OURS}
    with (
        interrupted_once(),
        fresh() as folder,
        both.running(folder, durable=durable, environment=own) as servers,
    ):
        environment = {
            **for_service(folder, servers, own),
            "DJANGO_SETTINGS_MODULE": "backend.config.settings",
            "ALLOWED_HOSTS": "testserver",
            "LOG_LEVEL": "ERROR",
        }
        where = servers.database_url.rpartition("@")[2]
        superuser_url = f"postgres://postgres:{folder.secret('postgres.secret')}@{where}"
        sealer = as_sealer(folder, environment)
        found = Place(
            environment,
            superuser={"DATABASE_URL": superuser_url},
            app={"DATABASE_URL": as_app(environment)["DATABASE_URL"]},
            sealer=sealer,
            verifier={"AUDIT_SIGNING_KEY": sealer["AUDIT_SIGNING_KEY"]},
        )
        found.run("backend.manage", "migrate", "--no-input", "--verbosity=0")
        found.run("backend.manage", "grant_roles")
        yield found


def said_by(process: "subprocess.Popen[str]") -> str:
    """All that a process has to say, once it ends. Raises CalledProcessError if it failed."""
    said, _ = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return said
