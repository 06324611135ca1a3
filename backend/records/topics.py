"""What can be stated about a patient, in the words of the protocol's facts.

A statement's value is an object whose keys are fact keys of one section: the topic `pregnancy`
has the value `{"pregnant": false}`. The codes are those of `backend.protocol.vocabulary`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from backend.kernel.errors import FieldError
from backend.protocol import vocabulary as v
from backend.protocol.facts import SECTIONS
from backend.protocol.readers import (
    Reader,
    civil_date,
    code,
    complain,
    items,
    pointer_step,
    table,
    text,
)

UNCLASSIFIED = "unclassified"  # a medicine that nobody has classified yet: unknown to the rules
LONGEST_LIST = 60
LONGEST_TEXT = 200

_MEDICINE = table(
    dict,
    {"code": code(v.MEDICINES | {UNCLASSIFIED}), "text": text, "stopped_on": civil_date},
    needed="code",
)
Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: the section of the facts that it fills, and how each of its keys is read."""

    section: str
    readers: Mapping[str, Reader]


def _topic(section: str, keys: str) -> Topic:
    return Topic(section, {key: SECTIONS[section][key] for key in keys.split()})


TOPICS: Mapping[str, Topic] = {
    "conditions": _topic("patient", "conditions"),
    "family_history": _topic("patient", "family_history"),
    "allergies": _topic("patient", "allergies"),
    "medicines": Topic("patient", {"medicines": items(_MEDICINE)}),
    "procedures": _topic("patient", "procedures"),
    "activities": _topic("patient", "activities"),
    "pregnancy_potential": _topic("patient", "can_become_pregnant cannot_reason"),
    "pregnancy": _topic("patient", "pregnant"),
    "breastfeeding": _topic("patient", "breastfeeding"),
    "contraception": _topic("contraception", "methods abstinence declined"),
    "growth": _topic("patient", "growth_finished"),
    "guardian_consent": _topic("patient", "guardian_consent"),
    "acne": _topic(
        "course",
        "indication severity scarring lesions_baseline prior_treatment_failed"
        " no_other_treatment_attested",
    ),
    # What a pregnancy prevention programme outside our service holds (P-US-02 and after).
    "programme": _topic("programme", " ".join(SECTIONS["programme"])),
    "skin_assessment": _topic("course", "iga scarring lesions_now taken_with_food"),
    "checkin": Topic(
        "checkin",
        {**SECTIONS["checkin"], "day7_checkin_done": SECTIONS["course"]["day7_checkin_done"]},
    ),
}


OF_ONE_COURSE = ("checkin", "skin_assessment")
"""Topics that speak of the course in which they were noted, and of no other."""


def read_statement(topic: str, value: object) -> tuple[dict[str, Any], list[FieldError]]:
    """The value as it is kept (plain JSON), and one complaint for each thing wrong with it.

    Pointers begin with `/value`. An empty value says nothing and is complained about.
    """
    errors: list[FieldError] = []
    if topic not in TOPICS:
        complain(errors, "/topic", "unknown_code", "未知の項目です。", "There is no such topic.")
        return {}, errors
    table(dict, TOPICS[topic].readers)(value, "/value", errors)
    complain_of_size(value, "/value", errors)
    if not errors and not _plain(value):
        complain(errors, "/value", "empty", "内容がありません。", "It says nothing.")
    return ({} if errors else _plain(value)), errors


def complain_of_size(value: object, at: str, errors: list[FieldError]) -> None:
    """Lists and texts that are longer than anybody means."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        complain(errors, at, "too_long", "長すぎます。", "Too long.")
    elif isinstance(value, list | tuple):
        if len(value) > LONGEST_LIST:
            complain(errors, at, "too_long", "項目が多すぎます。", "Too many items.")
        for index, item in enumerate(value[:LONGEST_LIST]):
            complain_of_size(item, f"{at}/{index}", errors)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            complain_of_size(item, f"{at}/{pointer_step(key)}", errors)


def _plain(value: Any) -> Any:
    """As JSON: dates and decimals as text, unknown (null) keys left out."""
    plain: Callable[[Any], Any] = _plain
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, date | Decimal):
        return str(value)
    return value


def facts_of(topic: str, value: Said) -> dict[str, dict[str, Any]]:
    """Section -> facts that a statement makes known, in the vocabulary of the protocol."""
    said = dict(value)
    found: dict[str, dict[str, Any]] = {}
    if topic == "medicines":
        return {"patient": _medicines(said)}
    if topic == "checkin":
        found["course"] = _course_part(said)
        said.pop("day7_checkin_done", None)
    found[TOPICS[topic].section] = said
    return {section: facts for section, facts in found.items() if facts}


def _medicines(said: Said) -> dict[str, Any]:
    """The list of medicines; unknown while one of them is unclassified."""
    listed = said.get("medicines")
    if listed is None or any(item["code"] == UNCLASSIFIED for item in listed):
        return {}
    return {"medicines": [{k: w for k, w in item.items() if k != "text"} for item in listed]}


def _course_part(said: Said) -> dict[str, Any]:
    """What a check-in says about the course: J-08's own check-in, and the food of D-05."""
    found = {"day7_checkin_done": said.get("day7_checkin_done")}
    found["taken_with_food"] = said.get("adherence", {}).get("with_food")
    return {key: fact for key, fact in found.items() if fact is not None}
