"""Are these answers to these questions? Form is asked at each save, completeness at submitting."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from backend.intake.questionnaire import Item, Questionnaire
from backend.kernel.errors import FieldError
from backend.protocol import vocabulary as v
from backend.protocol.readers import (
    Reader,
    boolean,
    civil_date,
    code,
    codes,
    complain,
    items,
    pointer_step,
    table,
    text,
)
from backend.records.topics import complain_of_size

Answers = Mapping[str, Any]
_MEDICINE = {"text": text, "code": code(v.MEDICINES), "stopped_on": civil_date}
_KINDS: Mapping[str, Callable[[frozenset[str]], Reader]] = {
    "bool": lambda _: boolean,
    "text": lambda _: text,
    "date": lambda _: civil_date,
    "code": code,
    "codes": codes,
    "medicines": lambda _: items(table(dict, _MEDICINE, needed="text")),
    "procedures": lambda known: items(
        table(dict, {"kind": code(known), "on": civil_date}, needed="kind on")
    ),
    "methods": lambda known: items(
        table(dict, {"code": code(known), "since": civil_date}, needed="code")
    ),
    "taken": lambda _: table(dict, {"taken": boolean, "stopped_on": civil_date}, needed="taken"),
}


def check_form(questionnaire: Questionnaire, answers: Answers) -> list[FieldError]:
    """One complaint for each answer that is none, or to no question; null takes one back."""
    known = {item.id: item for item in questionnaire.items}
    errors: list[FieldError] = []
    for item_id, answer in answers.items():
        at = f"/answers/{pointer_step(item_id)}"
        if item_id not in known:
            complain(errors, at, "unknown_key", "この質問はありません。", "No such question.")
        elif answer is not None:
            item = known[item_id]
            _KINDS[item.type](frozenset(item.codes))(answer, at, errors)
            complain_of_size(answer, at, errors)
    return errors


def check_complete(asked: Sequence[Item], answers: Answers) -> list[FieldError]:
    """One complaint for each required question among those asked that has no answer."""
    errors: list[FieldError] = []
    for item in asked:
        if item.required and item.id not in answers:
            at = f"/answers/{item.id}"
            complain(errors, at, "required", "回答が必要です。", "Please answer this.")
    return errors


def merged(before: Answers, changes: Answers) -> dict[str, Any]:
    """The answers after a save: new ones replace, null removes."""
    return {key: value for key, value in {**before, **changes}.items() if value is not None}
