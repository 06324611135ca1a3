"""The way into a page: who comes, may they, in which language and zone; a no in plain words."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.gzip import gzip_page

from backend.accounts.account_entries import known, note_failure
from backend.api import problems
from backend.api.entries import named, note_refusal
from backend.api.permissions import ProfileRequired
from backend.api.problems import MethodNotAllowed, TooManyRequests, problem_of, response_to
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import Forbidden, Invalid, NotFound, Problem, Unauthenticated
from backend.kernel.text import Text
from backend.kernel.verbs import Verb
from backend.portals.shell.visit import Visit, lead

log = structlog.get_logger("pages")
View = Callable[..., HttpResponse]
SIGN_IN = "account_login"
PROFILE = "patient:welcome"


def page(verb: Verb, *, only: Role | None = None, changes: bool = False) -> Callable[[View], View]:
    """Make a view a page that whoever may do `verb` may open; of those, `only` one role.

    The view is called with a `Visit` and the parts of its address. `changes`: it takes POST as
    well, and then acts through `Visit.act`, which asks the verb that is acted by. Nobody
    signed in is sent to sign in, and comes back; a role that the verb does not know is told so
    (403); every problem becomes a page with its status, and leaves an entry like on /v1.
    """
    methods = ("GET", "HEAD", "POST") if changes else ("GET", "HEAD")
    roles = verb.roles & {only} if only else verb.roles

    def made(view: View) -> View:
        @wraps(view)
        def spoken_to(visit: Visit, **parts: Any) -> HttpResponse:
            if visit.request.method not in methods:
                raise MethodNotAllowed()
            return view(visit, **parts)

        def door(request: HttpRequest, **parts: Any) -> HttpResponse:
            response = _opened(spoken_to, replace(verb, roles=roles), request, parts)
            if response.status_code == MethodNotAllowed.status:
                response.headers["Allow"] = ", ".join(methods)
            return response

        guarded: Any = gzip_page(wraps(view)(door))
        # Read by tests/policy and tests/browser.
        guarded.page_verb, guarded.page_roles, guarded.page_methods = verb, roles, methods
        return cast(View, guarded)

    return made


def _opened(view: View, verb: Verb, request: HttpRequest, parts: dict[str, Any]) -> HttpResponse:
    actor: Actor | None = getattr(request.user, "actor", None)
    language = language_of(request)
    with translation.override(language), timezone.override(zone_of(request)):
        try:
            response = view(Visit(request, _admitted(actor, verb), language), **parts)
        except Unauthenticated:
            return lead(request, f"{reverse(SIGN_IN)}?{urlencode({'next': _here(request)})}")
        except ProfileRequired:
            return lead(request, reverse(PROFILE))
        except Exception as error:  # every no has a page of its own
            response = _refused(request, error, verb, actor, parts)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Content-Language"] = language
    return response


def _admitted(actor: Actor | None, verb: Verb) -> Actor:
    if actor is None:
        raise Unauthenticated()
    if actor.role not in verb.roles:
        raise Forbidden()
    if actor.clinic_id is None and not verb.newcomers:
        raise ProfileRequired()
    return actor


def language_of(request: HttpRequest) -> str:
    """What was chosen on the pages; else the patient's own language; else the browser's."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        patient = getattr(request.user, "patient", None)
        if patient is not None:
            return str(patient.language)
    return "en" if (translation.get_language() or "ja").startswith("en") else "ja"


def zone_of(request: HttpRequest) -> str:
    """Where the reader lives: pages show instants there."""
    patient = getattr(request.user, "patient", None)
    staff = getattr(request.user, "staff_member", None)
    return str(patient.zone if patient else staff.clinic.zone if staff else "Asia/Tokyo")


def _here(request: HttpRequest) -> str:
    """Where to come back to: this page, or the one whose form was sent."""
    return request.get_full_path() if request.method in {"GET", "HEAD"} else request.path


def _refused(
    request: HttpRequest, error: Exception, verb: Verb, actor: Actor | None, parts: dict[str, Any]
) -> HttpResponse:
    problem = problem_of(error)
    if problem.status < 500 and actor is not None:
        try:
            with transaction.atomic():
                note_refusal(verb.action, problem, on=named(parts.values(), verb.thing), by=actor)
        except Exception as unrecorded:  # what cannot be recorded is not answered either
            error, problem = unrecorded, problem_of(unrecorded)
    if problem.status >= 500:
        log.error("page_failed", code=problem.code, exc_info=error)
    return refusal_page(request, problem)


def refusal_page(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem in words, with its status and a way on."""
    language = "en" if (translation.get_language() or "ja").startswith("en") else "ja"
    words = {
        "title": problem.title.in_language(language),
        "detail": problem.detail.in_language(language) if problem.detail else "",
        "home": home_of(getattr(request.user, "actor", None)),
    }
    content = {"problem": words, "status": problem.status, "language": language}
    response = render(request, "shell/refused.html", content, status=problem.status)
    response.headers["Cache-Control"] = "no-store"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404: a page for a person in front of a browser, a problem for a program."""
    if _is_for_a_person(request):
        return refusal_page(request, NotFound())
    return problems.not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400: the same for what Django refuses, such as a form that is too large."""
    if _is_for_a_person(request):
        return refusal_page(request, Invalid())
    return problems.bad_request(request, exception)


def _is_for_a_person(request: HttpRequest) -> bool:
    asks_for_pages = "text/html" in request.headers.get("Accept", "")
    return asks_for_pages and not request.path.startswith(_API)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """CSRF_FAILURE_VIEW: a form without this browser's token is refused, in words (403).

    Whose session it is has an entry of it, as on /v1.
    """
    if request.path.startswith(_API):
        return response_to(Forbidden(), path=request.path)
    user = None if request.path.startswith(_ACCOUNT) else known(request.user)
    if user is not None:
        try:
            note_failure("use_session", user, reason="no_csrf_token")
        except Exception as unrecorded:
            return refusal_page(request, problem_of(unrecorded))
    text = Text(
        "ページを開いてから時間が経ったか、別のページから送信されました。"
        "ページを読み込み直して、もう一度お試しください。",
        "The page was open for too long, or the form came from elsewhere. "
        "Load the page again and try once more.",
    )
    return refusal_page(request, Forbidden(text))


def too_many(request: HttpRequest) -> HttpResponse:
    """handler429, which allauth calls: wait a minute, then go on."""
    text = Text(
        "しばらく（1分ほど）待ってから、もう一度お試しください。",
        "Please wait a minute, then try again.",
    )
    return refusal_page(request, TooManyRequests(text))


_API = ("/v1/", "/_allauth/")
_ACCOUNT = "/account/"  # backend/portals/entrance/door.py leaves the entries there
_HOMES = {
    Role.PATIENT: "patient:home",
    Role.PHYSICIAN: "physician:queue",
    Role.AUDITOR: "auditing:entries",
}


def home_of(actor: Actor | None) -> str:
    """The address where a person's own pages begin; the front page for whoever has none yet."""
    return reverse(_HOMES.get(actor.role, "front") if actor else "front")
