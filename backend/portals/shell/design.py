"""Every component on one page, for whoever builds the next page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def design_page(request: HttpRequest) -> HttpResponse:
    """GET /design: tokens and components, light and dark as the reader's system asks."""
    levels = ("clear", "senior", "hold", "block", "stop", "urgent")
    return render(request, "shell/design.html", {"levels": levels})
