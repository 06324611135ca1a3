"""A PostgreSQL of our own on a free port of 127.0.0.1."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from dev.process import Child, StartFailed, wrapped
from dev.servers import find, identity
from dev.servers.folders import Folder
from dev.servers.ports import on_free_port

NAME = "suhada"  # the owner and the database; it may make test databases, and the other roles
ALWAYS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Nothing of a test run must survive a power cut.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Urls:
    """The database, as its owner, as the service and as the sealer (see `grant_roles`)."""

    owner: str
    app: str
    sealer: str


def locale_flags(major: int) -> list[str]:
    """initdb's flags; under LC_CTYPE C pg_trgm finds no Japanese at all, without a word."""
    if major >= 17:
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["-E", "UTF8", "--locale=C.UTF-8", *builtin]
    return ["-E", "UTF8", "--locale=C.UTF-8"]


def _initdb(install: find.Postgres, data: Path, password: str, who: str) -> None:
    data.mkdir()
    word = data.with_suffix(".pw")
    word.touch(mode=0o600)
    word.write_text(password)
    identity.give(data, who)
    identity.give(word, who)
    command: list[str | Path] = [install.bin / "initdb", "-D", data, "-U", "postgres", "--no-sync"]
    command += ["-A", "scram-sha-256", f"--pwfile={word}", *locale_flags(install.major)]
    done = subprocess.run(
        wrapped(command, dies_by=signal.SIGKILL, identity=who),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    word.unlink()
    if done.returncode != 0:
        raise StartFailed(f"initdb of {install.origin} failed.\n{done.stdout}{done.stderr}")


def _start(
    install: find.Postgres, folder: Folder, data: Path, settings: dict[str, str], who: str
) -> Child:
    # Nobody else holds the folder, so a file with a process id is a dead server's.
    (data / "postmaster.pid").unlink(missing_ok=True)
    flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    return Child(
        "PostgreSQL",
        [install.bin / "postgres", "-D", data, *flags],
        log=folder.path / "postgres.log",
        stop_with=signal.SIGINT,  # fast shutdown: ends the sessions, loses nothing
        identity=who,
        keep_open=[folder.lock],
    )


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _ensure_role_and_database(admin: str, password: str) -> None:
    """The owner is no superuser; `grant_roles` makes the roles of the service and the sealer."""
    name, word = sql.Identifier(NAME), sql.Literal(password)
    with psycopg.connect(admin, autocommit=True) as database:
        if database.execute("select from pg_roles where rolname = %s", [NAME]).fetchone() is None:
            database.execute(sql.SQL("create role {} login password {}").format(name, word))
        database.execute(sql.SQL("alter role {} createdb createrole").format(name))
        known = database.execute("select from pg_database where datname = %s", [NAME])
        if known.fetchone() is None:
            database.execute(sql.SQL("create database {} owner {}").format(name, name))


def _urls(folder: Folder, place: str) -> Urls:
    return Urls(
        owner=f"postgres://{NAME}:{folder.secret('database.secret')}@{place}",
        app=f"postgres://{NAME}_app:{folder.secret('database_app.secret')}@{place}",
        sealer=f"postgres://{NAME}_sealer:{folder.secret('database_sealer.secret')}@{place}",
    )


@contextmanager
def running(
    folder: Folder, *, durable: bool, asked: str = "auto", who: str | None = None
) -> Iterator[tuple[Child, Urls]]:
    """A PostgreSQL with its data in `folder`, one data folder per major version.

    Yields the process and the addresses. `durable=False` is for tests: it may lose
    everything in a crash. Raises NothingFound or StartFailed.
    """
    who = who or identity.for_postgres()
    install = find.postgres(asked, can_run=lambda program: identity.can_run(program, who))
    data = folder.path / f"postgres-{install.major}"
    if not (data / "PG_VERSION").exists():
        _initdb(install, data, folder.secret("postgres.secret"), who)
    settings = ALWAYS if durable else ALWAYS | FORGETFUL
    password = folder.secret("postgres.secret")

    def admin(port: int) -> str:
        return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"

    child, port = on_free_port(
        lambda port: _start(install, folder, data, {**settings, "port": str(port)}, who),
        lambda port: _answers(admin(port)),
        within_s=60,
    )
    try:
        word = folder.secret("database.secret")
        _ensure_role_and_database(admin(port), word)
        yield child, _urls(folder, f"127.0.0.1:{port}/{NAME}")
    finally:
        child.stop()
