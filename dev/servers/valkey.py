"""A Valkey (or Redis) of our own on a free port of 127.0.0.1."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from dev.process import Child
from dev.servers import find
from dev.servers.folders import Folder
from dev.servers.ports import on_free_port


def _configuration(data: Path, *, port: int, password: str, durable: bool) -> str:
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{data}"',
        'save ""',
        "maxmemory-policy noeviction",  # a broker may refuse work, never forget it
        f"appendonly {'yes' if durable else 'no'}",
        "appendfsync everysec",
    ]
    return "\n".join(lines) + "\n"


def _answers(port: int, password: str) -> bool:
    client = redis.Redis(port=port, password=password, socket_connect_timeout=5)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def _start(install: find.Redis, folder: Folder, port: int, durable: bool) -> Child:
    # What one server wrote another may not read: a folder for each kind and version.
    data = folder.path / f"{install.program.name}-{install.version.split('.')[0]}"
    data.mkdir(exist_ok=True)
    file = folder.path / "valkey.conf"
    file.touch(mode=0o600)
    password = folder.secret("valkey.secret")
    file.write_text(_configuration(data, port=port, password=password, durable=durable))
    return Child(
        "Valkey",
        [install.program, file],
        log=folder.path / "valkey.log",
        keep_open=[folder.lock],
    )


@contextmanager
def running(folder: Folder, *, durable: bool, asked: str = "auto") -> Iterator[tuple[Child, str]]:
    """A server with its data in `folder`; yields the process and the REDIS_URL.

    Raises NothingFound or StartFailed.
    """
    install = find.redis(asked)
    password = folder.secret("valkey.secret")
    child, port = on_free_port(
        lambda port: _start(install, folder, port, durable),
        lambda port: _answers(port, password),
        within_s=30,
    )
    try:
        yield child, f"redis://:{password}@127.0.0.1:{port}/0"
    finally:
        child.stop()
