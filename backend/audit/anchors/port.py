"""Somebody outside who attests a checkpoint: whoever has database and key cannot undo that."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import httpcore

WITHIN_S = 10.0
AT_MOST_BYTES = 64_000


class AnchorFailed(Exception):
    """The other side did not attest; the message says why, and it is tried again."""


@dataclass(frozen=True, slots=True)
class Head:
    """A signed checkpoint, and how to prove that it continues an earlier one."""

    size: int
    note: str
    consistency_from: Callable[[int], list[bytes]]


class Anchor(Protocol):
    """Attests checkpoints. Each has a kind and a name of its own, and a least interval."""

    @property
    def kind(self) -> str:
        """`witness` or `rfc3161`."""

    @property
    def name(self) -> str:
        """Whose attestation it is."""

    @property
    def every(self) -> timedelta:
        """How long to wait after one before the next is asked for."""

    def attest(self, head: Head, *, attested_size: int) -> bytes:
        """The proof to keep beside the checkpoint. Raises AnchorFailed.

        `attested_size`: the size of the last checkpoint that this anchor attested, 0 for none.
        """


def exchange(url: str, body: bytes, content_type: str) -> tuple[int, bytes]:
    """POST to a service that the operator configured: status and body. Raises AnchorFailed."""
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), WITHIN_S)
    headers = [("content-type", content_type), ("content-length", str(len(body)))]
    try:
        with (
            httpcore.ConnectionPool(max_keepalive_connections=0) as pool,
            pool.stream(
                "POST", url, headers=headers, content=body, extensions={"timeout": timeout}
            ) as response,
        ):
            answer = b""
            for piece in response.iter_stream():
                answer += piece
                if len(answer) > AT_MOST_BYTES:
                    raise AnchorFailed("the answer is too long")
            return response.status, answer
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise AnchorFailed(type(error).__name__) from error
    except (httpcore.UnsupportedProtocol, OSError) as error:
        raise AnchorFailed(type(error).__name__) from error
