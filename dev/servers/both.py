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
    """Where the two are; `children` holds only what we started, in order of starting.

    `database_url` is the owner's. The roles of the service and of the sealer are None where
    somebody gave a database and no roles.
    """

    database_url: str
    redis_url: str
    children: tuple[Child, ...]
    app_database_url: str | None = None
    sealer_database_url: str | None = None


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
        urls = _given(environment)
        if urls is None:
            context = postgres.running(folder, durable=durable, asked=asked)
            child, own = stack.enter_context(context)
            children.append(child)
            urls = (own.owner, own.app, own.sealer)
        redis_url = environment.get("REDIS_URL")
        if not redis_url:
            redis = valkey.running(folder, durable=durable, asked=asked)
            child, redis_url = stack.enter_context(redis)
            children.append(child)
        owner, app, sealer = urls
        yield Servers(owner, redis_url, tuple(children), app, sealer)


def _given(environment: Mapping[str, str]) -> tuple[str, str | None, str | None] | None:
    """The addresses that somebody gave: the owner's, and those of the roles if there are any."""
    owner = environment.get("DATABASE_URL")
    if not owner:
        return None
    return owner, environment.get("APP_DATABASE_URL"), environment.get("SEALER_DATABASE_URL")
