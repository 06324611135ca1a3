"""Typed readers of environment variables: what is missing or odd stops the start, with help."""

import os
from base64 import b64decode
from typing import overload
from urllib.parse import unquote, urlsplit


class BadEnvironment(RuntimeError):
    """A variable is missing or not understood; the message says which and where to set it."""


def text(name: str, default: str | None = None) -> str:
    """The variable, or the default; raises BadEnvironment when there is neither."""
    value = os.environ.get(name, default)
    if value is None or value == "":
        if default == "":
            return ""
        raise BadEnvironment(f"{name} is not set. `make up` sets it; see .env.example.")
    return value


def flag(name: str, default: bool) -> bool:
    """`1` or `0`; nothing else is a yes or a no."""
    value = os.environ.get(name, "1" if default else "0")
    if value not in {"0", "1"}:
        raise BadEnvironment(f"{name} is {value!r}: say 1 or 0.")
    return value == "1"


def whole(name: str, default: int, *, least: int = 0) -> int:
    """A whole number, not below `least`."""
    value = os.environ.get(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise BadEnvironment(f"{name} is {value!r}: a whole number is wanted.")
    if int(value) < least:
        raise BadEnvironment(f"{name} is {value}: at least {least} is wanted.")
    return int(value)


def words(name: str, default: str) -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


@overload
def seed(name: str) -> bytes: ...


@overload
def seed(name: str, *, optional: bool) -> bytes | None: ...


def seed(name: str, *, optional: bool = False) -> bytes | None:
    """Base64 of 32 random bytes: the seed of an Ed25519 key."""
    if optional and not os.environ.get(name):
        return None
    try:
        value = b64decode(text(name), validate=True)
    except ValueError as error:
        raise BadEnvironment(f"{name} is not base64.") from error
    if len(value) != 32:
        raise BadEnvironment(f"{name} must hold 32 bytes, it holds {len(value)}.")
    return value


def database(name: str) -> dict[str, object]:
    """The parts of a postgres:// URL that Django asks for."""
    url = urlsplit(text(name))
    if url.scheme not in {"postgres", "postgresql"} or not url.path.strip("/"):
        raise BadEnvironment(f"{name} must look like postgres://user:password@host:5432/name.")
    return {
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or 5432),
    }


def login(name: str) -> tuple[str, str] | None:
    """User and password of a postgres:// URL; None where there is none."""
    if not text(name, ""):
        return None
    parts = database(name)
    return str(parts["USER"]), str(parts["PASSWORD"])


def mail_server(name: str) -> dict[str, object]:
    """Host and port of an smtp:// URL, with user and password where it has them."""
    url = urlsplit(text(name, "smtp://127.0.0.1:1025"))
    if url.scheme not in {"smtp", "smtps"}:
        raise BadEnvironment(f"{name} must look like smtp://user:password@host:587.")
    return {
        "host": url.hostname or "127.0.0.1",
        "port": url.port or 25,
        "user": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "tls": url.scheme == "smtps",
    }
