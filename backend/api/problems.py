"""Every no as RFC 9457 problem+json, in the reader's language, from one catalogue."""

from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    UnreadablePostError,
)
from psycopg_pool import PoolTimeout
from rest_framework import exceptions as drf

from backend.api.language import reader_language
from backend.api.parser import TooLarge
from backend.audit.errors import Unrecorded, is_about_the_trail
from backend.kernel.errors import (
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    Unauthenticated,
    Unavailable,
)
from backend.kernel.text import Text
from backend.origin import origin

log = structlog.get_logger("api")


class MethodNotAllowed(Problem):
    """The route does not know this method."""

    status = 405
    code = "method_not_allowed"
    title = Text("このメソッドは使えません", "The method is not allowed here")


class NotAcceptable(Problem):
    """The service answers in JSON only."""

    status = 406
    code = "not_acceptable"
    title = Text("JSON でのみ応答できます", "Answers come as JSON only")


class UnsupportedMediaType(Problem):
    """The body is not application/json in UTF-8."""

    status = 415
    code = "unsupported_media_type"
    title = Text("application/json（UTF-8）で送ってください", "Send application/json in UTF-8")


class RequestTimeout(Problem):
    """The body did not arrive in time. Nothing was done; the same request may be sent again."""

    status = 408
    code = "request_timeout"
    title = Text(
        "リクエストの受信に時間がかかりすぎました。もう一度送ってください",
        "The request took too long to arrive; send it again",
    )


class TooManyRequests(Problem):
    """Slow down; Retry-After says for how long."""

    status = 429
    code = "too_many_requests"
    title = Text("リクエストが多すぎます", "Too many requests")


class InternalError(Problem):
    """Our fault. Nothing was changed; the request id helps us find out why."""

    status = 500
    code = "internal_error"
    title = Text("内部エラーが発生しました", "Something went wrong on our side")


_KNOWN: tuple[tuple[type[BaseException], type[Problem]], ...] = (
    (drf.NotAuthenticated, Unauthenticated),
    (drf.AuthenticationFailed, Unauthenticated),
    (drf.PermissionDenied, Forbidden),
    (PermissionDenied, Forbidden),
    (drf.NotFound, NotFound),
    (Http404, NotFound),
    (drf.MethodNotAllowed, MethodNotAllowed),
    (drf.NotAcceptable, NotAcceptable),
    (drf.UnsupportedMediaType, UnsupportedMediaType),
    (drf.Throttled, TooManyRequests),
    (drf.ParseError, Invalid),
    (RequestDataTooBig, TooLarge),
    (UnreadablePostError, RequestTimeout),
    (SuspiciousOperation, Invalid),
    (OperationalError, Unavailable),
    (InterfaceError, Unavailable),
    (PoolTimeout, Unavailable),
)


def problem_of(error: BaseException) -> Problem:
    """The problem that an exception stands for; InternalError where we did not foresee it."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, drf.ValidationError):
        return Invalid(errors=list(_field_errors(error.detail, "")))
    if is_about_the_trail(error):
        return Unrecorded()
    for kind, problem in _KNOWN:
        if isinstance(error, kind):
            return problem()
    return InternalError()


def _field_errors(detail: Any, pointer: str) -> Iterator[FieldError]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            below = pointer if name == "non_field_errors" else f"{pointer}/{_escape(str(name))}"
            yield from _field_errors(inner, below)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            deeper = isinstance(inner, Mapping | list)
            yield from _field_errors(inner, f"{pointer}/{index}" if deeper else pointer)
    else:
        yield FieldError(
            pointer, getattr(detail, "code", "invalid"), Text(str(detail), str(detail))
        )


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def body_of(problem: Problem, *, path: str) -> dict[str, Any]:
    """The members of the answer (RFC 9457, with `code`, `errors` and `request_id` of ours)."""
    language = reader_language()
    body: dict[str, Any] = {
        "type": f"{settings.PUBLIC_URL}/problems/{problem.code}",
        "title": problem.title.in_language(language),
        "status": problem.status,
        "detail": (problem.detail or problem.title).in_language(language),
        "instance": path,
        "code": problem.code,
        "request_id": origin().request_id,
    }
    if problem.errors:
        body["errors"] = [
            {"pointer": e.pointer, "code": e.code, "detail": e.detail.in_language(language)}
            for e in problem.errors
        ]
    return {**problem.extra, **body}


def response_to(problem: Problem, *, path: str) -> HttpResponse:
    """The answer, ready to send."""
    response = JsonResponse(
        body_of(problem, path=path),
        status=problem.status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
    response["Cache-Control"] = "no-store"
    if problem.status == Unauthenticated.status:
        response["WWW-Authenticate"] = 'Bearer realm="suhada"'
    if problem.status == Unavailable.status:
        response["Retry-After"] = "5"
    return response


def answer(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """DRF's exception handler: every exception of a view becomes a problem."""
    problem = problem_of(error)
    if problem.status >= 500:
        log.error("request_failed", code=problem.code, exc_info=error)
    request: HttpRequest = context["request"]
    response = response_to(problem, path=request.path)
    wait = getattr(error, "wait", None)
    if wait:
        response["Retry-After"] = str(int(wait) + 1)
    if isinstance(error, drf.MethodNotAllowed):
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """handler404: a path that no route knows."""
    return response_to(NotFound(), path=request.path)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """handler400: a host that is not ours, a body that Django refuses."""
    return response_to(Invalid(), path=request.path)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500."""
    return response_to(InternalError(), path=request.path)
