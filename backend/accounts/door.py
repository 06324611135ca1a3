"""The way into /_allauth/: strict bodies, one transaction a request, problems instead of 500s."""

import json
import re
from collections.abc import Callable
from typing import Any

import structlog
from allauth.headless.internal.sessionkit import lookup_session
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from redis.exceptions import RedisError

from backend.accounts.account_entries import note_visit
from backend.api.parser import parse_object
from backend.api.problems import problem_of, response_to
from backend.audit.record import heard
from backend.kernel.errors import Invalid, NotFound, Problem, Unavailable

_NOT_OFFERED = re.compile(r"/phone(/|$)|/auth/code/")  # no telephone numbers, no codes alone
RETRY_AFTER_SECONDS = "60"
_TRY_AGAIN = (RedisError, IntegrityError, TransactionManagementError)

log = structlog.get_logger("sign_in")


class SignInDoor:
    """Middleware round allauth's views, which know neither our transactions nor our answers.

    A request changes everything or nothing: the account, the session, the audit entry and the
    mail stand or fall together (the mail goes by SMTP before the commit, so a mail that cannot
    be sent undoes the sign-up). Without Redis nobody can count attempts, so nobody signs in.
    The pages' door (`backend.portals.entrance.door`) is this one with other answers.
    """

    prefix = "/_allauth/"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go in, or answer with a problem."""
        if not request.path.startswith(self.prefix):
            return self.get_response(request)
        try:
            with transaction.atomic(), heard() as actions:
                response = self.settled(self.get_response(request), request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                elif not actions:
                    self.note(request, response)
        except Exception as error:  # what the commit itself raises
            return self._answered(error, request)
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", RETRY_AFTER_SECONDS)
        return response

    def process_view(
        self,
        request: HttpRequest,
        _view: Any,
        _args: Any,
        _kwargs: Any,
    ) -> HttpResponse | None:
        """Refuse what is not offered, and a body that /v1 would refuse too, before allauth does."""
        if not request.path.startswith(self.prefix):
            return None
        try:
            self.check(request)
        except (Problem, RequestDataTooBig, UnreadablePostError) as error:
            return self._answered(error, request)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What a view of allauth could not foresee."""
        if not request.path.startswith(self.prefix):
            return None
        return self._answered(error, request)

    def check(self, request: HttpRequest) -> None:
        """Raise a Problem for what allauth's view should not see."""
        if _NOT_OFFERED.search(request.path):
            raise NotFound()
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            _check_body(request)

    def settled(self, response: HttpResponse, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """The response of allauth's view, as it goes out."""
        return response

    def note(self, request: HttpRequest, response: HttpResponse) -> None:
        """Allauth's views call hooks of ours for what matters most; others leave an entry here."""
        token = request.headers.get("X-Session-Token") or _token_in(response)
        session = lookup_session(token) if token else getattr(request, "session", None)
        note_answer(session, request, response)

    def answer(self, problem: Problem, request: HttpRequest) -> HttpResponse:
        """A problem, for whoever comes through this door."""
        return response_to(problem, path=request.path)

    def _answered(self, error: Exception, request: HttpRequest) -> HttpResponse:
        problem = Unavailable() if isinstance(error, _TRY_AGAIN) else problem_of(error)
        if problem.status >= 500:
            log.error("sign_in_failed", code=problem.code, exc_info=error)
        return self.answer(problem, request)


def note_answer(session: SessionBase | None, request: HttpRequest, response: HttpResponse) -> None:
    """An entry that the session's account was read or changed, or that this was refused."""
    if session is not None:
        note_visit(
            session,
            method=request.method or "",
            path=request.path,
            status=response.status_code,
        )


def _token_in(response: HttpResponse) -> str | None:
    """The session token that an app is given: with a right password, before the second factor."""
    if response.headers.get("Content-Type") != "application/json":
        return None
    token: str | None = json.loads(response.content).get("meta", {}).get("session_token")
    return token


def _check_body(request: HttpRequest) -> None:
    if not request.body:
        return
    try:
        text = request.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid() from error
    parse_object(text)
