"""The front page: what this is, and the door for each role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from backend.portals.shell.door import home_of


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """GET /: for everybody."""
    return render(request, "entrance/front.html")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """GET /home: on to the reader's own pages."""
    return redirect(home_of(getattr(request.user, "actor", None)))
