"""Ports that are free now."""

import socket


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on.

    Somebody may take it before it is used, so whoever starts a server tries again.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether something listens on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
