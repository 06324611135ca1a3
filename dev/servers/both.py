"""PostgreSQL and Redis for one run: those that the environment names, or our own."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from dev.process import Child
from dev.servers import find, postgres, valkey
from dev.servers.folders import Folder


@dataclass(frozen=True)
class Servers:
    """Where the two are; `children` holds only what we started, in order of starting."""

    database_url: str
    redis_url: str
    children: tuple[Child, ...]


@contextmanager
def running(
    folder: Folder, *, durable: bool, environment: Mapping[str, str] = os.environ
) -> Iterator[Servers]:
    """Both servers. DATABASE_URL and REDIS_URL win: what they name is used, not started.

    Stops Valkey first, PostgreSQL last. Raises NothingFound or StartFailed.
    """
    asked = find.source(environment)
    children: list[Child] = []
    with ExitStack() as stack:
        database_url = environment.get("DATABASE_URL")
        if not database_url:
            context = postgres.running(folder, durable=durable, asked=asked)
            child, database_url = stack.enter_context(context)
            children.append(child)
        redis_url = environment.get("REDIS_URL")
        if not redis_url:
            context = valkey.running(folder, durable=durable, asked=asked)
            child, redis_url = stack.enter_context(context)
            children.append(child)
        yield Servers(database_url, redis_url, tuple(children))
