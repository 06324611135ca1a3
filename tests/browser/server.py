"""The service as a browser meets it: the real WSGI application on a real socket, in this process.

In this process, because then the tests' own database, mails and counters are the server's too;
what only gunicorn does (framing, deadlines) is tested in tests/policy/test_server.py. Static
files come from WhiteNoise as in life, not from the test server of Django.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connection

REPORT_TYPES = ("application/csp-report", "application/reports+json")
MAX_REPORT_BYTES = 100_000


@dataclass(frozen=True)
class Served:
    """One answer: what was asked, the status, and how many SQL statements it took."""

    method: str
    path: str
    status: int
    statements: tuple[str, ...]


class Application:
    """Round the service: keeps what was served, every CSP report, and how many are under way."""

    def __init__(self, service: Callable[..., Iterable[bytes]]) -> None:
        self._service = service
        self._idle = threading.Condition()
        self._under_way = 0
        self.served: list[Served] = []
        self.reports: list[str] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Serve; the body is made here, so that its statements count."""
        statuses: list[str] = []
        statements: list[str] = []

        def note_status(status: str, *rest: Any) -> Any:
            statuses.append(status)
            return start(status, *rest)

        def note_statement(execute: Any, sql: Any, *rest: Any) -> Any:
            statements.append(str(sql))
            return execute(sql, *rest)

        with self._counted():
            self._keep_report(environ)
            with connection.execute_wrapper(note_statement):
                answer = self._service(environ, note_status)
            self.served.append(
                Served(
                    environ["REQUEST_METHOD"],
                    environ["PATH_INFO"],
                    int(statuses[0][:3]),
                    tuple(statements),
                )
            )
        return answer

    def settle(self) -> None:
        """Wait until nothing is under way; then the tables may be emptied."""
        with self._idle:
            if not self._idle.wait_for(lambda: self._under_way == 0, timeout=30):
                raise TimeoutError("a request did not end within 30 s")

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._idle:
            self._under_way += 1
        try:
            yield
        finally:
            with self._idle:
                self._under_way -= 1
                self._idle.notify_all()

    def _keep_report(self, environ: dict[str, Any]) -> None:
        """A browser's report, whether or not the service has a door for it."""
        if environ.get("CONTENT_TYPE", "").startswith(REPORT_TYPES):
            self.reports.append(f"to {environ['PATH_INFO']} came a report of a broken CSP")


class _Quiet(WSGIRequestHandler):
    """Says nothing; a test says what it found."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@dataclass
class Server:
    """Where the service is, and what it has served; `url` is http://localhost:PORT."""

    url: str
    application: Application = field(repr=False)

    def served(self, path: str) -> Served:
        """The newest answer for this path (without query)."""
        return next(one for one in reversed(self.application.served) if one.path == path)


@contextmanager
def serving(service: Callable[..., Iterable[bytes]]) -> Iterator[Server]:
    """The application on a free port of localhost, until the block ends."""
    application = Application(service)
    listener = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet, allow_reuse_address=False)
    listener.set_app(application)
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield Server(f"http://localhost:{listener.server_address[1]}", application)
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join(10)
