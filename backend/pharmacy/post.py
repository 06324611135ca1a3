"""One webhook over the wire: signed, to a checked address, with a deadline for all of it."""

import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpcore
from django.conf import settings
from standardwebhooks import Webhook

from backend.pharmacy.addresses import AddressRefused, Target, check_addresses, check_url

TOTAL_SECONDS = 15.0
MAX_READ_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A delivery that was claimed: what to send, and the epoch under which to finish it.

    `message_id` stays the same for all tries. `secrets`: the present one first, then the
    previous one while it is still honoured.
    """

    delivery_id: UUID
    epoch: int
    message_id: str
    url: str
    body: bytes
    secrets: tuple[str, ...] = field(repr=False)
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: an HTTP status, or an error code where there was none."""

    http_status: int | None
    error: str = ""
    duration_ms: int = 0


def headers_of(outgoing: Outgoing) -> dict[str, str]:
    """The headers of Standard Webhooks: one signature for each secret, space between."""
    sent_at = outgoing.sent_at.astimezone(UTC)
    signatures = [
        Webhook(secret).sign(outgoing.message_id, sent_at, outgoing.body.decode())
        for secret in outgoing.secrets
    ]
    return {
        "content-type": "application/json",
        "user-agent": "Suhada-Webhooks/1",
        "webhook-id": outgoing.message_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def post(outgoing: Outgoing, *, seconds: float = TOTAL_SECONDS) -> Answer:
    """POST it and say what came back. Never raises for what a receiver or a network does.

    Redirects are not followed, proxies of the environment are not used, at most 64 KB of the
    answer are read and thrown away, and connecting, sending and reading together take at most
    `seconds`.
    """
    began = time.monotonic()
    try:
        target = check_url(outgoing.url, sandbox=settings.SANDBOX)
        status: int | None = _exchange(outgoing, target, deadline=began + seconds)
        error = ""
    except AddressRefused as refused:
        status, error = None, f"address_{refused}"
    except (httpcore.TimeoutException, TimeoutError):
        status, error = None, "timeout"
    except ssl.SSLError:
        status, error = None, "tls"
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError) as problem:
        status, error = None, "tls" if _is_tls(problem) else "connection"
    return Answer(status, error, duration_ms=int((time.monotonic() - began) * 1000))


def _exchange(outgoing: Outgoing, target: Target, *, deadline: float) -> int:
    with (
        httpcore.ConnectionPool(
            network_backend=_Guarded(target, deadline), max_keepalive_connections=0
        ) as pool,
        pool.stream(
            "POST",
            outgoing.url,
            headers=_for_the_wire(outgoing),
            content=outgoing.body,
        ) as response,
    ):
        read = 0
        for chunk in response.iter_stream():
            read += len(chunk)
            if read >= MAX_READ_BYTES:
                break
        return response.status


def _for_the_wire(outgoing: Outgoing) -> list[tuple[bytes | str, bytes | str]]:
    return [*headers_of(outgoing).items(), ("content-length", str(len(outgoing.body)))]


def _is_tls(problem: BaseException) -> bool:
    return isinstance(problem.__cause__, ssl.SSLError) or "SSL" in str(problem)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, in the system's order. Raises OSError when there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Guarded(httpcore.NetworkBackend):
    """Connects only to addresses that were checked, each name resolved once a try."""

    def __init__(self, target: Target, deadline: float) -> None:
        self.target, self.deadline = target, deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is stricter
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the first address that answers. Raises AddressRefused, ConnectError."""
        addresses = check_addresses(self.target, resolve(self.target.host, port))
        failure: Exception = httpcore.ConnectError(host)
        for address in addresses:
            try:
                stream = httpcore.SyncBackend().connect_tcp(
                    address, port, _left(self.deadline), local_address, socket_options
                )
            except httpcore.ConnectError as error:
                failure = error
                continue
            return _Timed(stream, self.deadline)
        raise failure


class _Timed(httpcore.NetworkStream):
    """A stream whose every wait ends at one deadline, however slowly the bytes drip."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self.stream, self.deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Some bytes. Raises ReadTimeout at the deadline."""
        return self.stream.read(max_bytes, _left(self.deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """All of the bytes. Raises WriteTimeout at the deadline."""
        self.stream.write(buffer, _left(self.deadline))

    def close(self) -> None:
        """Close the connection."""
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """The same connection under TLS; the certificate must be the name's, not the address's."""
        inner = self.stream.start_tls(ssl_context, server_hostname, _left(self.deadline))
        return _Timed(inner, self.deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the connection underneath says."""
        return self.stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left
