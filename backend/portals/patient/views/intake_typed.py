"""What a patient types in answer to one question, and the answer that it is: both ways.

`Typed` is what the form's controls hold: a suffix of the question's name -> values. "" is the
question's own control; others are `none`, `<code>.past`, `0.text` and the like.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.intake.questionnaire import Item

Typed = Mapping[str, list[str]]
MOST_MEDICINES = 12
YES, NO, STOPPED = "yes", "no", "stopped"

CHOOSE_ONE = _("Please choose an answer.")
CHOOSE_SOME = _("Please choose what applies, or “none of these”.")
BOTH = _("You chose “none”, and something else as well. Please take one of them back.")
NO_DATE = _("Please write the date, such as 2026-03-10.")
WHEN = _("Please say when it was, or when it is planned.")
WHEN_STOPPED = _("Please say when you stopped.")
NOT_YET = _("That day is still to come. Please check it.")
NAME_IT = _("Please write the name of the medicine.")
FILL_IN = _("Please fill this in.")


class Wrong(Exception):
    """What was typed is no answer; `text` says why in the reader's words."""

    def __init__(self, text: Promise) -> None:
        super().__init__(text)
        self.text = text


def typed_in(item: Item, sent: QueryDict) -> Typed:
    """What a form holds for one question."""
    own = {"": sent.getlist(item.id)} if item.id in sent else {}
    start = f"{item.id}."
    more = {name[len(start) :]: sent.getlist(name) for name in sent if name.startswith(start)}
    return {**own, **more}


def answer_of(item: Item, typed: Typed, today: date) -> Any:
    """The answer as /v1 takes it; None where there is none yet. Raises Wrong."""
    return _READ[item.type](item, typed, today)


def typed_of(item: Item, answer: Any, today: date) -> Typed:
    """What the form's controls hold for an answer that was saved."""
    return {} if answer is None else _SHOW[item.type](answer, today)


def missing_text(item: Item) -> Promise:
    """What to say where a question has no answer yet."""
    if item.type in {"codes", "procedures", "methods", "medicines"}:
        return CHOOSE_SOME
    return FILL_IN if item.type in {"text", "date"} else CHOOSE_ONE


def _one(typed: Typed, name: str) -> str:
    values = typed.get(name) or [""]
    return values[0].strip()


def _day(text: str, *, until: date | None = None) -> str | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Wrong(NO_DATE) from None
    if until is not None and day > until:
        raise Wrong(NOT_YET)
    return day.isoformat()


def _read_bool(_item: Item, typed: Typed, _today: date) -> bool | None:
    return {YES: True, NO: False}.get(_one(typed, ""))


def _read_text(_item: Item, typed: Typed, _today: date) -> str | None:
    return _one(typed, "") or None


def _read_date(_item: Item, typed: Typed, _today: date) -> str | None:
    return _day(_one(typed, ""))


def _read_code(item: Item, typed: Typed, _today: date) -> str | None:
    code = _one(typed, "")
    return code if code in item.codes else None


def _many(typed: Typed, found: list[Any]) -> list[Any] | None:
    """A list, `none` ticked instead of it, or no answer yet."""
    if found and "none" in typed:
        raise Wrong(BOTH)
    return found if found or "none" in typed else None


def _read_codes(item: Item, typed: Typed, _today: date) -> list[Any] | None:
    chosen = set(typed.get("", ()))
    return _many(typed, [code for code in item.codes if code in chosen])


def _read_procedures(item: Item, typed: Typed, today: date) -> list[Any] | None:
    found: list[Any] = []
    chosen = set(typed.get("", ()))
    for code in item.codes:
        past = _day(_one(typed, f"{code}.past"), until=today)
        days = [day for day in (past, _day(_one(typed, f"{code}.next"))) if day]
        if code in chosen and not days:
            raise Wrong(WHEN)
        found += [{"kind": code, "on": day} for day in days]
    return _many(typed, found)


def _read_methods(item: Item, typed: Typed, today: date) -> list[Any] | None:
    found = []
    chosen = set(typed.get("", ()))
    for code in item.codes:
        since = _day(_one(typed, f"{code}.since"), until=today)
        if code in chosen or since:
            found.append({"code": code, **({"since": since} if since else {})})
    return _many(typed, found)


def _read_medicines(_item: Item, typed: Typed, today: date) -> list[Any] | None:
    found = []
    for number in range(MOST_MEDICINES):
        name = _one(typed, f"{number}.text")
        stopped_on = _day(_one(typed, f"{number}.stopped_on"), until=today)
        if stopped_on and not name:
            raise Wrong(NAME_IT)
        if name:
            found.append({"text": name, **({"stopped_on": stopped_on} if stopped_on else {})})
    return _many(typed, found)


def _read_taken(_item: Item, typed: Typed, today: date) -> dict[str, Any] | None:
    chosen = _one(typed, "")
    if chosen != STOPPED:
        return {"taken": chosen == YES} if chosen in {YES, NO} else None
    stopped_on = _day(_one(typed, "stopped_on"), until=today)
    if stopped_on is None:
        raise Wrong(WHEN_STOPPED)
    return {"taken": True, "stopped_on": stopped_on}


def _show_many(entries: list[Any], shown: dict[str, list[str]]) -> Typed:
    return shown if entries else {"none": ["yes"]}


def _show_procedures(answer: list[Any], today: date) -> Typed:
    shown: dict[str, list[str]] = {"": sorted({entry["kind"] for entry in answer})}
    for entry in sorted(answer, key=lambda each: str(each["on"])):
        past = f"{entry['kind']}.past"
        is_past = entry["on"] <= today.isoformat() and past not in shown
        shown[past if is_past else f"{entry['kind']}.next"] = [entry["on"]]
    return _show_many(answer, shown)


def _show_methods(answer: list[Any], _today: date) -> Typed:
    shown = {f"{each['code']}.since": [each["since"]] for each in answer if each.get("since")}
    return _show_many(answer, {"": [each["code"] for each in answer], **shown})


def _show_medicines(answer: list[Any], _today: date) -> Typed:
    shown: dict[str, list[str]] = {}
    for number, entry in enumerate(answer):
        shown[f"{number}.text"] = [entry["text"]]
        shown[f"{number}.stopped_on"] = [entry.get("stopped_on", "")]
    return _show_many(answer, shown)


def _show_taken(answer: dict[str, Any], _today: date) -> Typed:
    if answer.get("stopped_on"):
        return {"": [STOPPED], "stopped_on": [answer["stopped_on"]]}
    return {"": [YES if answer["taken"] else NO]}


_READ: Mapping[str, Callable[[Item, Typed, date], Any]] = {
    "bool": _read_bool,
    "text": _read_text,
    "date": _read_date,
    "code": _read_code,
    "codes": _read_codes,
    "procedures": _read_procedures,
    "methods": _read_methods,
    "medicines": _read_medicines,
    "taken": _read_taken,
}
_SHOW: Mapping[str, Callable[[Any, date], Typed]] = {
    "bool": lambda answer, _today: {"": [YES if answer else NO]},
    "text": lambda answer, _today: {"": [answer]},
    "date": lambda answer, _today: {"": [answer]},
    "code": lambda answer, _today: {"": [answer]},
    "codes": lambda answer, _today: _show_many(answer, {"": answer}),
    "procedures": _show_procedures,
    "methods": _show_methods,
    "medicines": _show_medicines,
    "taken": _show_taken,
}
