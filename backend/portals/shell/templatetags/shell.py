"""What templates of every portal may use: icons, keys of forms, words of levels."""

from typing import Any
from uuid import uuid4

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from backend.api.language import reader_language

register = template.Library()
_LEVELS = {
    "clear": _("Clear"),
    "counsel": _("To explain"),
    "warn": _("Caution"),
    "senior": _("Needs a second physician"),
    "hold": _("On hold: something is missing"),
    "block": _("Blocked"),
    "stop": _("Stop the medicine"),
    "urgent": _("Urgent"),
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; silent for screen readers unless it has a label."""
    address = f"{static('shell/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag
def new_key() -> str:
    """A key for a form: sent twice, it is done once."""
    return uuid4().hex


@register.filter
def level_word(level: Any) -> str:
    """The word for a finding's level."""
    return str(_LEVELS.get(str(level), level))


@register.filter
def spoken(text: Any) -> str:
    """A Text in the language of the page."""
    return (
        str(text.in_language(reader_language()))
        if hasattr(text, "in_language")
        else str(text or "")
    )


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """The value of a key that a variable names."""
    return mapping.get(key) if mapping else None
