"""A Valkey (or Redis) of our own on a free port of 127.0.0.1."""

from collections.abc import Iterator
from contextlib import contextmanager

import redis

from dev.process import Child, StartFailed
from dev.servers import find
from dev.servers.folders import Folder
from dev.servers.ports import free_port


def _configuration(folder: Folder, *, port: int, password: str, durable: bool) -> str:
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{folder.path}"',
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
    file = folder.path / "valkey.conf"
    file.touch(mode=0o600)
    password = folder.secret("valkey.secret")
    file.write_text(_configuration(folder, port=port, password=password, durable=durable))
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
    child, port = _started(install, folder, password, durable)
    try:
        yield child, f"redis://:{password}@127.0.0.1:{port}/0"
    finally:
        child.stop()


def _started(
    install: find.Redis, folder: Folder, password: str, durable: bool
) -> tuple[Child, int]:
    for tries_left in (2, 1, 0):
        port = free_port()
        child = _start(install, folder, port, durable)
        try:
            child.wait_until(lambda port=port: _answers(port, password), within_s=30)
        except StartFailed as failure:
            child.stop()
            if tries_left and "already in use" in str(failure):
                continue
            raise
        return child, port
    raise AssertionError("the last try returns or raises")
