"""The whole service on this machine: servers, mail sink, sealer, relay, worker, beat, web."""

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL

from dev.environment import as_app, as_sealer, for_service, has_roles
from dev.interrupts import interrupted_once
from dev.process import Child, StartFailed, wrapped
from dev.servers import both
from dev.servers.folders import ROOT, Folder, fresh, kept, kept_secret
from dev.servers.ports import on_free_port

WEB_PROCESSES, WEB_THREADS = 2, 2  # one interpreter lock each
WORKER_PROCESSES = 2
KEPT = "up"
RUNNING = "environment.json"


def web_command(port: int) -> tuple[str, ...]:
    """The module and flags of the web server on this port of 127.0.0.1."""
    sizes = ("--workers", str(WEB_PROCESSES), "--threads", str(WEB_THREADS))
    where = ("--bind", f"127.0.0.1:{port}")
    return ("gunicorn", "--config", "python:backend.config.web", *sizes, *where)


@dataclass(frozen=True)
class Stack:
    """What runs and where. `processes` are by name, in order of starting."""

    base_url: str
    database_url: str
    redis_url: str
    folder: Path
    mail_dir: Path
    environment: Mapping[str, str]
    processes: Mapping[str, Child]

    def dead(self) -> list[str]:
        """For each process that has ended by itself: its name, code and last words."""
        return [
            f"{name} stopped with code {child.exit_code()}. The end of {child.log.name}:\n"
            f"{child.tail()}"
            for name, child in self.processes.items()
            if child.exit_code() is not None
        ]


class _Starting:
    """Starts the service's processes, and stops them so that none loses its work."""

    def __init__(self, folder: Folder, environment: dict[str, str]) -> None:
        self.environment = environment
        self.processes: dict[str, Child] = {}
        self._folder = folder
        self._logs = folder.path / "logs"
        self._logs.mkdir(exist_ok=True)

    def run(self, name: str, *command: str, extra: Mapping[str, str]) -> None:
        """Run something to its end; StartFailed with its output when it fails."""
        done = subprocess.run(
            wrapped([sys.executable, "-m", *command], dies_by=SIGKILL),
            env={**self.environment, **extra},
            cwd=ROOT,
            text=True,
            capture_output=True,
            check=False,
        )
        output = done.stdout + done.stderr
        (self._logs / f"{name}.log").write_text(output)
        if done.returncode != 0:
            raise StartFailed(f"{name} failed with code {done.returncode}.\n{output[-4000:]}")

    def keep(
        self,
        name: str,
        *command: str,
        patience_s: float = 10,
        extra: Mapping[str, str] | None = None,
    ) -> Child:
        """Start one process; `extra` is its own addition to the environment."""
        self.processes[name] = Child(
            name,
            [sys.executable, "-m", *command],
            log=self._logs / f"{name}.log",
            environment={**self.environment, **(extra or {})},
            patience_s=patience_s,
            cwd=ROOT,
            keep_open=[self._folder.lock],
        )
        return self.processes[name]

    def stop(self) -> None:
        """No new requests, no new work, finish the work, and then the rest."""
        for together in (("web",), ("beat", "worker", "relay"), ("sealer", "mail")):
            children = [self.processes[name] for name in together if name in self.processes]
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.stop()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _start_mail(starting: _Starting, mail_dir: Path) -> None:
    def start(port: int) -> Child:
        return starting.keep("mail", "dev.mail_sink", str(port), str(mail_dir))

    _, port = on_free_port(start, _listens, within_s=30)
    starting.environment.setdefault("EMAIL_URL", f"smtp://127.0.0.1:{port}")


def _start_web(starting: _Starting) -> str:
    """The web server; its address, which from now on is everybody's PUBLIC_URL."""

    def address(port: int) -> str:
        return f"http://127.0.0.1:{port}"

    def start(port: int) -> Child:
        ours = {"PUBLIC_URL": address(port), "DB_POOL_SIZE": str(WEB_THREADS)}
        return starting.keep("web", *web_command(port), extra={**ours, **starting.environment})

    _, port = on_free_port(start, _healthy, within_s=60)
    starting.environment.setdefault("PUBLIC_URL", address(port))
    return address(port)


def _prepare(starting: _Starting, owner: Mapping[str, str]) -> None:
    """What the tables' owner does; the service runs without the owner's password."""
    starting.run("migrate", "backend.manage", "migrate", "--no-input", extra=owner)
    if has_roles(owner):
        # What `migrate` has checked need not be checked once more.
        starting.run("grant_roles", "backend.manage", "grant_roles", "--skip-checks", extra=owner)


def _collect(starting: _Starting) -> None:
    """Static files, compressed once: the web serves them from here instead of from the apps."""
    starting.run("collectstatic", "backend.manage", "collectstatic", "--no-input", extra={})


def _start_workers(starting: _Starting, folder: Folder, sealer: Mapping[str, str]) -> None:
    celery = ("celery", "-A", "workers.app")
    pool = f"--concurrency={WORKER_PROCESSES}"
    table = f"--schedule={folder.path / 'beat-schedule'}"
    starting.keep("sealer", "workers.sealer", extra=sealer)
    starting.keep("relay", "workers.relay")
    starting.keep("worker", *celery, "worker", pool, patience_s=20)
    starting.keep("beat", *celery, "beat", table, "--pidfile=")


@contextmanager
def running(
    *,
    keep: bool = False,
    given: Mapping[str, str] = os.environ,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[Stack]:
    """The whole service, until the block ends; then nothing of it is left running.

    `keep=True` is `make up`: data, secrets and mail stay in .dev/up for the next time, and
    InUse is raised when that runs already. Otherwise all of it is in a folder of its own,
    removed at the end. What `given` sets (DATABASE_URL, SANDBOX, ...) wins. Signals raise
    KeyboardInterrupt inside the block. Raises StartFailed and NothingFound.
    """
    with ExitStack() as stack:
        stack.enter_context(interrupted_once())
        folder = stack.enter_context(kept(KEPT) if keep else fresh())
        say("PostgreSQL and Redis")
        servers = stack.enter_context(both.running(folder, durable=True, environment=given))
        owner = for_service(folder, servers, given)
        starting = _Starting(folder, as_app(owner))
        stack.callback(starting.stop)
        say("mail sink")
        _start_mail(starting, folder.path / "mail")
        say("migrations and static files")
        starting.environment.setdefault("STATIC_ROOT", str(folder.path / "static"))
        with ThreadPoolExecutor(1) as beside:
            collecting = beside.submit(_collect, starting)
            _prepare(starting, owner)
            collecting.result()
        say("web")
        base_url = _start_web(starting)
        say("sealer, relay, worker, beat")
        _start_workers(starting, folder, as_sealer(folder, owner))
        note = folder.path / RUNNING
        note.unlink(missing_ok=True)  # a run that was killed left it
        kept_secret(note, json.dumps({**starting.environment, **owner}))
        stack.callback(note.unlink)
        yield Stack(
            base_url=base_url,
            database_url=servers.database_url,
            redis_url=servers.redis_url,
            folder=folder.path,
            mail_dir=folder.path / "mail",
            environment=starting.environment,
            processes={**{c.name: c for c in servers.children}, **starting.processes},
        )
