"""Questionnaires: versioned TOML files, read once, never changed after they were asked."""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from backend.kernel.errors import NotFound
from backend.kernel.text import Text
from backend.protocol.days import age

FOLDER = Path(__file__).parent / "questionnaires"
Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One of the codes to choose from; `facts` are facts of its own (path -> value)."""

    code: str
    text: Text
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """When a question is asked: after an answer, or at an age in completed years."""

    item: str | None
    among: tuple[Any, ...]
    age_from: int
    age_below: int

    def holds(self, answers: Answers, years: int) -> bool:
        """Whether the question is asked of a patient of this age who answered so far."""
        if not self.age_from <= years < self.age_below:
            return False
        return self.item is None or answers.get(self.item) in self.among


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `fact` is the path of the fact that the answer becomes."""

    id: str
    type: str
    text: Text
    required: bool
    fact: str | None
    negated: bool
    adds: str | None
    score: str | None
    options: tuple[Option, ...]
    enable_when: Condition | None

    def is_asked(self, answers: Answers, years: int) -> bool:
        """Whether this question is asked, given the other answers and the age in years."""
        return self.enable_when is None or self.enable_when.holds(answers, years)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes to choose from."""
        return tuple(option.code for option in self.options)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions under one heading."""

    id: str
    title: Text
    introduction: Text | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One version. `sha256` is of the file: a response keeps it with the id."""

    id: str
    title: Text
    introduction: Text | None
    sections: tuple[Section, ...]
    plan: Mapping[str, Any]
    sha256: str

    @property
    def items(self) -> tuple[Item, ...]:
        """All questions in order."""
        return tuple(item for section in self.sections for item in section.items)

    def asked(self, answers: Answers, birth_on: date, today: date) -> Sequence[Item]:
        """The questions that are asked, given what is answered so far and the age today."""
        years = age(birth_on, today)
        visible: dict[str, Any] = {}
        found = []
        for item in self.items:
            if item.is_asked(visible, years):
                found.append(item)
                visible[item.id] = answers.get(item.id)
        return found

    @property
    def family(self) -> str:
        """The id without its version: `acne_intake` of `acne_intake_2026_1`."""
        return self.id.rsplit("_", 2)[0]


@cache
def questionnaires() -> Mapping[str, Questionnaire]:
    """Every version by id, the newest of a family last."""
    found = [_read(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {questionnaire.id: questionnaire for questionnaire in found}


def newest(family: str) -> Questionnaire:
    """The version of a family that is asked now. Raises NotFound."""
    found = [one for one in questionnaires().values() if one.family == family]
    if not found:
        raise NotFound()
    return found[-1]


def questionnaire(questionnaire_id: str) -> Questionnaire:
    """One version. Raises NotFound (404)."""
    found = questionnaires().get(questionnaire_id)
    if found is None:
        raise NotFound()
    return found


def _read(path: Path) -> Questionnaire:
    raw = path.read_bytes()
    content = tomllib.loads(raw.decode())
    if content["id"] != path.stem:
        raise ValueError(f"{path.name} calls itself {content['id']}")
    shared = {name: _options(options) for name, options in content.get("options", {}).items()}
    return Questionnaire(
        id=content["id"],
        title=Text(**content["title"]),
        introduction=_text(content.get("introduction")),
        sections=tuple(_section(section, shared) for section in content["section"]),
        plan=content.get("plan", {}),
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def _section(raw: Mapping[str, Any], shared: Mapping[str, tuple[Option, ...]]) -> Section:
    return Section(
        id=raw["id"],
        title=Text(**raw["title"]),
        introduction=_text(raw.get("introduction")),
        items=tuple(_item(item, shared) for item in raw["item"]),
    )


def _item(raw: Mapping[str, Any], shared: Mapping[str, tuple[Option, ...]]) -> Item:
    named = raw.get("options_of")
    return Item(
        id=raw["id"],
        type=raw["type"],
        text=Text(**raw["text"]),
        required=raw["required"],
        fact=raw.get("fact"),
        negated=raw.get("negated", False),
        adds=raw.get("adds"),
        score=raw.get("score"),
        options=shared[named] if named else _options(raw.get("options", {})),
        enable_when=_condition(raw.get("enable_when")),
    )


def _options(raw: Mapping[str, Any]) -> tuple[Option, ...]:
    return tuple(
        Option(code, Text(option["ja"], option["en"]), option.get("facts", {}))
        for code, option in raw.items()
    )


def _condition(raw: Mapping[str, Any] | None) -> Condition | None:
    if raw is None:
        return None
    return Condition(
        item=raw.get("item"),
        among=tuple(raw.get("in", ())),
        age_from=raw.get("age_from", 0),
        age_below=raw.get("age_below", 200),
    )


def _text(raw: Mapping[str, str] | None) -> Text | None:
    return Text(**raw) if raw else None
