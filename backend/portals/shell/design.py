"""Every token and component on one page, for whoever builds the next page."""

import re

from django import forms
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from backend.kernel.text import Text
from backend.portals.shell.offers import Offer

LEVELS = ("clear", "senior", "hold", "block", "stop", "urgent")
COLOURS = (
    *("ground", "surface", "surface-2", "edge", "edge-strong", "text", "text-2"),
    *("brand", "brand-ink", "brand-soft", "focus", "info", "info-soft"),
    *(name for level in LEVELS for name in (level, f"{level}-soft")),
)
SIZES = ("size-s", "size", "size-l", "size-xl", "size-xxl")
SPACES = tuple(f"s{number}" for number in range(1, 8))
_SYMBOL = re.compile(r'<symbol id="([a-z-]+)"')
_WHY = Text("検査結果がまだありません。", "A test result is missing.")


class Example(forms.Form):
    """Fields as they look, one of them wrong."""

    name = forms.CharField(label=_("A line"), help_text=_("What helps to fill it in."))
    day = forms.CharField(label=_("A line with an error"))
    answer = forms.ChoiceField(
        label=_("A choice"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        initial="yes",
    )


@gzip_page
@require_safe
def design_page(request: HttpRequest) -> HttpResponse:
    """GET /design: tokens and components, light and dark as the reader's system asks."""
    form = Example({"name": "", "day": "", "answer": "yes"})
    form.full_clean()
    del form.errors["name"]
    content = {
        "colours": COLOURS,
        "sizes": SIZES,
        "spaces": SPACES,
        "levels": LEVELS,
        "icons": _icons(),
        "form": form,
        "possible": Offer("approve", True),
        "impossible": Offer("decline", False, _WHY),
    }
    return render(request, "shell/design.html", content)


def _icons() -> list[str]:
    """The names in the sprite."""
    path = finders.find("shell/icons.svg")
    if not isinstance(path, str):
        return []
    with open(path, encoding="utf-8") as file:
        return _SYMBOL.findall(file.read())
