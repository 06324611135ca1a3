"""Folders below .dev/ for servers' data: one run each, swept when nobody holds them.

A folder is held by a file lock whose descriptor every server of the run inherits, so it is
free only when the last of them has ended, however the run came to its end.
"""

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.servers import identity

ROOT = Path(__file__).resolve().parent.parent.parent


class InUse(Exception):
    """Another run holds this folder now."""


@dataclass(frozen=True)
class Folder:
    """A folder that this run holds; `lock` is the descriptor the servers inherit."""

    path: Path
    lock: int

    def secret(self, name: str) -> str:
        """A random password, made once for this folder and kept in a 0600 file."""
        return kept_secret(self.path / name, secrets.token_urlsafe(24))


def kept_secret(path: Path, fresh: str) -> str:
    """What the file holds; written first, readable by its owner only, when there is none."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(file, "w") as stream:
        stream.write(fresh)
    return fresh


def home() -> Path:
    """.dev/ of this checkout, or a folder of ours in /tmp when PostgreSQL cannot get there.

    That is so when it must run as nobody and the checkout is below a closed folder.
    """
    chosen = ROOT / ".dev"
    closed = any(not parent.stat().st_mode & 0o001 for parent in chosen.parents)
    if identity.for_postgres() == "nobody" and closed:
        chosen = Path(tempfile.gettempdir()) / f"suhada-{os.geteuid()}"
    chosen.mkdir(exist_ok=True, mode=0o711)
    if chosen.stat().st_uid != os.geteuid():
        raise InUse(f"{chosen} belongs to somebody else; `make` must be run by its owner.")
    return chosen


def _hold(path: Path) -> int:
    """The lock of a folder that is there; InUse when another run has it, OSError when it went."""
    lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise InUse(f"{path} is in use by another run.") from None
    return lock


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """One run at a time makes or sweeps: a folder that is not yet held looks like a dead run's."""
    gate = os.open(parent / "gate", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield
    finally:
        os.close(gate)


def _sweep(parent: Path) -> None:
    """Remove what runs that were killed have left."""
    for path in parent.glob("run-*"):
        try:
            lock = _hold(path)
        except (InUse, OSError):
            continue
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


@contextmanager
def kept(name: str, *, below: Path | None = None) -> Iterator[Folder]:
    """The folder of this name, its contents as the last run left them; InUse when held."""
    path = (below or home()) / name
    path.mkdir(parents=True, exist_ok=True, mode=0o711)
    lock = _hold(path)
    try:
        yield Folder(path=path, lock=lock)
    finally:
        os.close(lock)


@contextmanager
def fresh(*, below: Path | None = None) -> Iterator[Folder]:
    """An empty folder that is removed at the end."""
    parent = below or home()
    with _alone(parent):
        _sweep(parent)
        path = Path(tempfile.mkdtemp(prefix="run-", dir=parent))
        path.chmod(0o711)
        lock = _hold(path)
    try:
        yield Folder(path=path, lock=lock)
    finally:
        with _alone(parent):
            shutil.rmtree(path, ignore_errors=True)
        os.close(lock)
