"""Answers in words, for reading them over before they are sent."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backend.intake.medicine_names import classify
from backend.intake.questionnaire import Item
from backend.records.topics import UNCLASSIFIED


def in_words(item: Item, answer: Any, language: str) -> list[str]:
    """The lines that say an answer; none where there is no answer yet."""
    if answer is None:
        return []
    if isinstance(answer, list):
        return [_entry(item, each, language) for each in answer] or [_("None")]
    return [_ONE[item.type](item, answer, language)]


def _entry(item: Item, entry: Any, language: str) -> str:
    if item.type == "medicines":
        return _medicine(entry)
    if item.type == "procedures":
        return f"{_option(item, entry['kind'], language)}: {_on(entry['on'])}"
    if item.type == "methods":
        name = _option(item, entry["code"], language)
        since = entry.get("since")
        return _("%(name)s, since %(day)s") % {"name": name, "day": _on(since)} if since else name
    return _option(item, entry, language)


def _medicine(entry: Mapping[str, Any]) -> str:
    name = str(entry["text"])
    if entry.get("stopped_on"):
        day = _on(entry["stopped_on"])
        name = _("%(name)s, stopped on %(day)s") % {"name": name, "day": day}
    if classify(entry["text"]) == UNCLASSIFIED:
        name = _("%(name)s (the physician looks at this name)") % {"name": name}
    return name


def _taken(_item: Item, answer: Mapping[str, Any], _language: str) -> str:
    if answer.get("stopped_on"):
        return _("Stopped on %(day)s") % {"day": _on(answer["stopped_on"])}
    return _("Yes") if answer["taken"] else _("No")


def _option(item: Item, code: str, language: str) -> str:
    found = next((option.text for option in item.options if option.code == code), None)
    return found.in_language(language) if found else str(code)


def _on(day: str) -> str:
    return str(date_format(date.fromisoformat(day), "DATE_FORMAT"))


_ONE: Mapping[str, Callable[[Item, Any, str], str]] = {
    "bool": lambda _item, answer, _language: _("Yes") if answer else _("No"),
    "text": lambda _item, answer, _language: str(answer),
    "date": lambda _item, answer, _language: _on(answer),
    "code": _option,
    "taken": _taken,
}
