"""A form's act is a call of the API: no page has a way of its own to change anything.

The call is made inside the process: the verb's own endpoint is found by its address and asked
with the reader's session. So it authenticates, asks the permission table, checks CSRF, parses,
calls the one service and records, exactly as for a client outside.
"""

import json
import re
from dataclasses import dataclass, field
from io import BytesIO
from time import sleep
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils.translation import gettext_lazy as _

from backend.api.idempotency import InFlight, KeyReused
from backend.kernel.errors import NotAllowedFromHere, PreconditionRequired

KEY = "idempotency_key"
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_WAITS = (0.2, 0.6, 1.2)  # seconds; an act takes a tenth of one
_IN_CODES = {NotAllowedFromHere.code}
_WORDS = {  # where the API speaks of headers, which a page's reader has never seen
    KeyReused.code: _(
        "This form was sent once already, with something else in it. Nothing more was done. "
        "If you mean what stands here, send it again."
    ),
    InFlight.code: _("This is being sent already. Wait a moment, then load the page again."),
    PreconditionRequired.code: _("The page was not complete. Please load it again."),
}


@dataclass(frozen=True)
class Reply:
    """What the verb answered: its result, or a problem (RFC 9457) in the reader's language."""

    status: int
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return self.status < 400

    @property
    def code(self) -> str:
        """Why it was not, as a code; empty when it was."""
        return "" if self.ok else str(self.data.get("code", ""))

    @property
    def title(self) -> str:
        """Why it was not, for the reader."""
        return str(_WORDS.get(self.code) or self.data.get("title", ""))

    @property
    def detail(self) -> str:
        """What would help; nothing where the API speaks of it in codes."""
        return "" if self.code in {*_IN_CODES, *_WORDS} else str(self.data.get("detail", ""))

    @property
    def errors(self) -> dict[str, list[str]]:
        """What is wrong with which field; names are pointers without the slash: `a.0.b`."""
        found: dict[str, list[str]] = {}
        for error in () if self.ok else self.data.get("errors", ()):
            name = error["pointer"].lstrip("/").replace("/", ".")
            found.setdefault(name, []).append(error["detail"])
        return found

    @property
    def needs_proof(self) -> bool:
        """Whether the reader must prove who they are once more, and then try again."""
        return self.code == "reauthentication_required"


def acted(
    request: HttpRequest,
    path: str,
    body: dict[str, Any],
    *,
    version: int | None = None,
    apart: str = "",
) -> Reply:
    """POST `body` to `path` as the reader of this request, who sent its CSRF token.

    `apart`: added to the form's key, for an act beside the one that the form is for.

    A second press of a button, while the first is under way, waits for the answer of the first:
    else somebody who sees the second answer only would be told no, and press once more.
    """
    reply = _asked(request, path, body, version, apart)
    for seconds in _WAITS:
        if reply.code != InFlight.code:
            break
        sleep(seconds)
        reply = _asked(request, path, body, version, apart)
    return reply


def _asked(
    request: HttpRequest, path: str, body: dict[str, Any], version: int | None, apart: str
) -> Reply:
    call = _call(request, path, body, version, apart)
    match = resolve(path)
    answer: HttpResponse = match.func(call, *match.args, **match.kwargs)
    if hasattr(answer, "render") and not getattr(answer, "is_rendered", True):
        answer.render()
    return Reply(answer.status_code, json.loads(answer.content or b"{}"))


def _call(
    request: HttpRequest, path: str, body: dict[str, Any], version: int | None, apart: str
) -> HttpRequest:
    content = json.dumps(body).encode()
    key = request.POST.get(KEY, "") + apart
    call = HttpRequest()
    call.method = "POST"
    call.path = call.path_info = path
    call.COOKIES = request.COOKIES
    call.META = {
        **{name: value for name, value in request.META.items() if name not in _OF_THE_FORM},
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(content)),
        "HTTP_ACCEPT": "application/json",
        "HTTP_IDEMPOTENCY_KEY": key if _KEY.fullmatch(key) else uuid4().hex,
        "HTTP_X_CSRFTOKEN": request.POST.get("csrfmiddlewaretoken", "")
        or request.headers.get("X-CSRFToken", ""),
    }
    if version is not None:
        call.META["HTTP_IF_MATCH"] = f'"{version}"'
    call.user, call.session = request.user, request.session
    call._stream = BytesIO(content)
    call._read_started = False  # type: ignore[attr-defined]  # the body is there, unread
    return call


_OF_THE_FORM = {
    "HTTP_AUTHORIZATION",
    "HTTP_X_SESSION_TOKEN",
    "HTTP_IF_MATCH",
    "HTTP_IF_NONE_MATCH",
    "HTTP_ACCEPT_ENCODING",
}
