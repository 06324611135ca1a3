"""The way into /account/: allauth's pages, in one transaction a request, and a no in words."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from backend.accounts.door import SignInDoor, note_answer
from backend.kernel.errors import Problem
from backend.portals.shell.door import language_of, refusal_page, zone_of

REFUSED_FORM = 422


class PageDoor(SignInDoor):
    """Middleware: what SignInDoor is for allauth's API, for its pages."""

    prefix = "/account/"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go in, or answer with a problem; the reader's zone ends with the request."""
        with timezone.override(timezone.get_current_timezone()):
            return super().__call__(request)

    def check(self, request: HttpRequest) -> None:
        """Nothing to refuse: only what is offered has a page. In the reader's language and zone."""
        translation.activate(language_of(request))
        timezone.activate(zone_of(request))

    def settled(self, response: HttpResponse, request: HttpRequest) -> HttpResponse:
        """A form that allauth shows again was refused, and says so; nobody keeps the page."""
        if request.method == "POST" and response.status_code == 200:
            response.status_code = REFUSED_FORM
        response.headers["Cache-Control"] = "no-store"
        return response

    def note(self, request: HttpRequest, response: HttpResponse) -> None:
        """An entry for the account whose session the cookie names."""
        note_answer(getattr(request, "session", None), request, response)

    def answer(self, problem: Problem, request: HttpRequest) -> HttpResponse:
        """A page that asks the database for nothing: it may be what is away."""
        request.user = AnonymousUser()
        return refusal_page(request, problem)
