"""The patient's navigation: five places, and which of them the present page belongs to."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()
_TABS = (  # address, icon, word, how the names of its pages begin
    ("home", "home", _("Today"), ("home", "welcome", "intake", "consent")),
    ("visits", "calendar", _("Visits"), ("visit", "slot", "join")),
    ("check_ins", "chat", _("Check-ins"), ("check_in",)),
    ("course", "pill", _("Course"), ("course", "prescription")),
    ("record_accesses", "eye", _("My record"), ("record",)),
)


@register.inclusion_tag("patient/tabs.html", takes_context=True)
def tabs(context: dict[str, Any]) -> dict[str, Any]:
    """The bottom navigation; the page's own place is marked."""
    match = getattr(context.get("request"), "resolver_match", None)
    name = match.url_name or "" if match else ""
    return {
        "tabs": [
            {"address": address, "icon": icon, "word": word, "here": name.startswith(begins)}
            for page, icon, word, begins in _TABS
            if (address := _address(page))
        ]
    }


def _address(page: str) -> str:
    try:
        return reverse(f"patient:{page}")
    except NoReverseMatch:
        return ""
