"""A bounded load over HTTP from this machine to itself: prebuilt requests, a few connections.

The client does as little as it can, so that what is measured is the server.
"""

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Load:
    """What came back: seconds each request took, how many had which status."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    elapsed_s: float = 0.0

    @property
    def per_second(self) -> float:
        """Requests answered a second."""
        return len(self.seconds) / self.elapsed_s

    def percentile_ms(self, share: float) -> float:
        """The latency that this share of requests did not exceed, in milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def request_bytes(
    method: str, path: str, headers: dict[str, str], body: bytes = b"", *, port: int
) -> bytes:
    """A request, ready to send."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if method == "POST":
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def run(port: int, requests: Sequence[bytes], *, connections: int) -> Load:
    """Send all requests over `connections` kept-alive connections to 127.0.0.1."""
    load, lock = Load(), threading.Lock()
    shares = [requests[number::connections] for number in range(connections)]
    gate = threading.Barrier(connections + 1)

    def work(share: Sequence[bytes]) -> None:
        taken: list[tuple[float, int]] = []
        with socket.create_connection(("127.0.0.1", port), timeout=30) as link:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            gate.wait()
            for request in share:
                begun = time.perf_counter()
                link.sendall(request)
                status = _answer(link)
                taken.append((time.perf_counter() - begun, status))
        with lock:
            for seconds, status in taken:
                load.seconds.append(seconds)
                load.statuses[status] = load.statuses.get(status, 0) + 1

    threads = [threading.Thread(target=work, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    gate.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    load.elapsed_s = time.perf_counter() - begun
    return load


def _answer(link: socket.socket) -> int:
    """Read one answer to its end; its status."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = link.recv(65536)
        if not more:
            raise ConnectionError("the server closed the connection")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += link.recv(65536)
    return int(head[9:12])
