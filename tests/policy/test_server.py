"""What reaches the real web server and never a view: framing, endless headers, slow bodies."""

import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest

from dev.stack import WEB_PROCESSES, WEB_THREADS, web_command

pytestmark = pytest.mark.servers
HEAD = b"Host: 127.0.0.1\r\nContent-Type: application/json\r\n"
POST = b"POST /v1/tasks/tsk_x/complete HTTP/1.1\r\n" + HEAD
SIGN_IN = b"POST /_allauth/app/v1/auth/login HTTP/1.1\r\n" + HEAD
WITHIN_S = 2.0
CLOSE = b"Connection: close\r\n\r\n"
SMUGGLED = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture(scope="module")
def port():
    """The web server as it runs in life, on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", *web_command(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    impatient = {**os.environ, "REQUEST_WITHIN_S": str(WITHIN_S)}
    with subprocess.Popen(command, env=impatient, **quiet) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the web server did not start")


def said_to(port: int, request: bytes) -> bytes:
    """All that comes back until the server closes the connection, which it does within 5 s."""
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def asked_with_patience(port: int, request: bytes) -> bytes:
    """As `said_to`, for a server that may be busy for some seconds."""
    with socket.create_connection(("127.0.0.1", port), 15) as connection:
        connection.sendall(request)
        return connection.recv(65536)


def test_two_lengths_are_refused_and_the_connection_is_closed(port):
    answer = said_to(port, POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello" + SMUGGLED)

    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    ],
)
def test_a_length_beside_chunks_is_refused_and_the_connection_is_closed(port, framing):
    answer = said_to(port, POST + framing + b"\r\n0\r\n\r\n" + SMUGGLED)

    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_body_in_chunks_is_refused_and_never_read_as_empty(port):
    chunks = b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n"

    answer = said_to(port, POST + chunks)

    assert answer.startswith(b"HTTP/1.1 400")
    assert b'"reason": "chunked"' in answer


@pytest.mark.parametrize(
    "headers",
    [b"".join(b"X-H%d: 1\r\n" % number for number in range(10_000)), b"X: " + b"a" * 500_000],
    ids=["many", "long"],
)
def test_endless_headers_are_refused(port, headers):
    answer = said_to(port, POST + headers + b"\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 431")


def test_who_is_not_signed_in_is_refused_before_the_body_has_come(port):
    answer = said_to(port, POST + b"Content-Length: 100\r\n\r\n{")

    assert answer.startswith(b"HTTP/1.1 401")


def trickled(connection: socket.socket) -> bytes:
    """Send a body of 100 bytes, four a second, until the server closes; what it answered."""
    connection.sendall(SIGN_IN + b"Content-Length: 100\r\n\r\n{")
    connection.settimeout(0.25)
    answer = b""
    for _ in range(60):
        try:
            piece = connection.recv(65536)
        except TimeoutError:
            connection.sendall(b" ")
        else:
            answer += piece
            if not piece:
                return answer
    pytest.fail("the connection was not closed within 15 s")


def test_a_body_that_trickles_is_answered_408_and_the_connection_is_closed(port):
    begun = time.monotonic()

    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        answer = trickled(connection)

    assert answer.startswith(b"HTTP/1.1 408")
    assert b'"code": "request_timeout"' in answer
    assert time.monotonic() - begun >= WITHIN_S


def test_slow_bodies_on_every_thread_leave_the_workers_free_again(port):
    with ExitStack() as stack:
        for _ in range(WEB_PROCESSES * WEB_THREADS):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", port), 5))
            slow.sendall(SIGN_IN + b"Content-Length: 100\r\n\r\n{")

        healthy = asked_with_patience(port, b"GET /healthz HTTP/1.1\r\n" + HEAD + CLOSE)

    assert healthy.startswith(b"HTTP/1.1 200")


def test_connections_that_say_nothing_hold_no_thread(port):
    with ExitStack() as stack:
        for _ in range(WEB_PROCESSES * WEB_THREADS * 4):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), 5))

        healthy = said_to(port, b"GET /healthz HTTP/1.1\r\n" + HEAD + CLOSE)

    # In time: on four rounds of threads that wait for their deadline it would not come in 5 s.
    assert healthy.startswith(b"HTTP/1.1 200")


def test_a_head_that_trickles_is_closed_in_time(port):
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(SIGN_IN + b"X-Slow: ")
        connection.settimeout(15)
        ended = connection.recv(65536)

    assert ended == b""
