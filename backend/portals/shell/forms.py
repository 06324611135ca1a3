"""From a Django form to a verb and back: what was typed stays, errors stand at their fields."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest

from backend.portals.shell.acting import Reply
from backend.portals.shell.visit import Visit


def sent(
    visit: Visit, form: forms.Form, path: str, *, body: dict[str, Any] | None = None
) -> Reply | None:
    """Send a form to its verb. None when the form itself does not hold; then it says why.

    `body`: what is sent where it is not simply the form's fields. The version of the thing is the
    one that the page showed (hidden field `version`).
    """
    if not form.is_valid():
        return None
    reply = visit.act(
        path, plain(form.cleaned_data) if body is None else body, version=version_in(visit.request)
    )
    for name, said in reply.errors.items():
        known = name in form.fields
        form.add_error(name if known else None, said)
    return reply


def plain(cleaned: dict[str, Any]) -> dict[str, Any]:
    """A form's values as JSON: dates ISO 8601, decimals as strings, nothing for what is empty."""
    return {name: _plain(value) for name, value in cleaned.items() if value not in (None, "")}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def version_in(request: HttpRequest) -> int | None:
    """The version that the form was made for."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
