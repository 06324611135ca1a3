"""The front page: what this is, and the door for each role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from backend.portals.entrance import demonstration
from backend.portals.shell.door import home_of, language_of, zone_of


@gzip_page
@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """GET /: for everybody; in a demonstration, with the people one may sign in as."""
    with translation.override(language_of(request)), timezone.override(zone_of(request)):
        content = {
            "groups": demonstration.groups(),
            "password": demonstration.password(),
            "actor": getattr(request.user, "actor", None),
        }
        response = render(request, "entrance/front.html", content)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """GET /home: on to the reader's own pages."""
    return redirect(home_of(getattr(request.user, "actor", None)))
