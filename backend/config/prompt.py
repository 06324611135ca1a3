"""A web worker whose threads wait for nobody: requests must arrive within a deadline."""

import os
import socket
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.http.errors import NoMoreData
from gunicorn.workers.gthread import TConn, ThreadWorker

REQUEST_WITHIN_S = float(os.environ.get("REQUEST_WITHIN_S", "10"))
FIRST_BYTE_WITHIN_S = 15.0
TAKEN_WITHIN_S = 30.0  # each piece of an answer, by the client
LEFT_OVER_WITHIN_S = 0.5  # of a body that nobody wanted


class TooSlow(NoMoreData, TimeoutError):  # type: ignore[misc]  # gunicorn has no types
    """The request did not arrive in time.

    In the head gunicorn closes the connection, in the body Django raises UnreadablePostError
    and the answer is 408.
    """


class PunctualSocket(socket.socket):
    """A client's connection, that reads until a deadline however the bytes trickle."""

    read_until = float("inf")

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """The next bytes. Raises TooSlow once `read_until` (monotonic seconds) is over."""
        left_s = self.read_until - time.monotonic()
        if left_s <= 0:
            raise TooSlow
        self.settimeout(min(left_s, TAKEN_WITHIN_S))
        try:
            return super().recv(bufsize, flags)
        except TimeoutError as timeout:
            raise TooSlow from timeout
        finally:
            self.settimeout(TAKEN_WITHIN_S)


class PromptWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's threads, with two changes against slow and idle clients.

    A new connection waits for its first byte at the poller, not in a thread; and from the moment
    that a thread takes a request, all of it must be there within REQUEST_WITHIN_S. After the
    answer nobody waits for what is still to come: gunicorn would, in the loop that serves all.
    """

    def accept(self, listener: socket.socket) -> None:
        """Take a connection and wait for its first byte without a thread."""
        try:
            accepted, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        client = PunctualSocket(fileno=accepted.detach())
        conn = TConn(self.cfg, client, address, listener.getsockname())
        self.nr_conns += 1
        conn.timeout = time.monotonic() + FIRST_BYTE_WITHIN_S
        self.pending_conns.append(conn)
        self.poller.register(client, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: Any) -> Any:
        """Answer one request of the connection, which has REQUEST_WITHIN_S to arrive."""
        conn.sock.read_until = time.monotonic() + REQUEST_WITHIN_S
        try:
            return super().handle(conn)
        finally:
            _stop_waiting(conn)

    def _keepalive_after(self, conn: Any, keepalive: Any) -> Any:
        _stop_waiting(conn)
        return super()._keepalive_after(conn, keepalive)


def _stop_waiting(conn: Any) -> None:
    conn.sock.read_until = time.monotonic() + LEFT_OVER_WITHIN_S
