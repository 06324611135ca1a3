"""What every request gets: an id, and a body whose length is said."""

import re
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from backend.api.problems import problem_of, response_to
from backend.kernel.errors import Invalid, Unavailable
from backend.kernel.text import Text
from backend.origin import acting_for

_FORM = re.compile(r"[A-Za-z0-9_-]{8,64}")

log = structlog.get_logger("api")
Next = Callable[[HttpRequest], HttpResponse]


class RequestContext:
    """A request id for entries, events, logs and answers: the client's own if it is sane."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with its X-Request-Id."""
        asked = request.headers.get("X-Request-Id", "")
        request_id = asked if _FORM.fullmatch(asked) else f"req_{uuid.uuid4().hex}"
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            with acting_for(request_id):
                response = self.get_response(request)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
        response["X-Request-Id"] = request_id
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page whose look cannot be recorded, or whose data is away, is not shown (503)."""
        problem = problem_of(error)
        if problem.status != Unavailable.status:
            return None
        log.error("request_failed", code=problem.code, exc_info=error)
        return response_to(problem, path=request.path)


class Framing:
    """A body comes with Content-Length. In chunks it is refused (400), before anybody signs in.

    Django would read a chunked body as empty, and chunks beside a length are how requests are
    smuggled past a proxy.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or a 400 for a body in chunks."""
        if "Transfer-Encoding" in request.headers:
            text = Text(
                "Content-Length を付けて送ってください（分割転送は使えません）。",
                "Send the body with Content-Length, not in chunks.",
            )
            return response_to(Invalid(text, extra={"reason": "chunked"}), path=request.path)
        return self.get_response(request)
