"""A notice as a channel gets it, and the ways in which a channel can say no."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel sends. `message_id` is the same for each attempt of the same notice."""

    to: str
    subject: str
    body: str
    language: str
    message_id: str


Send = Callable[[Message], str]


class NotSent(Exception):
    """It certainly did not go out; trying again later is right."""


class Rejected(Exception):
    """It certainly did not go out and never will."""


def message_id_for(key: str, channel: str, domain: str) -> str:
    """RFC 5322 Message-ID from the notice's key: a duplicate is recognisable by it."""
    digest = hashlib.sha256(f"{key}|{channel}".encode()).hexdigest()
    return f"<{digest[:40]}@{domain}>"
