"""The questions of a draft as pages show them: sections, progress, controls, answers in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.clock import civil_day
from backend.intake.guidance import ALARMS, Alarm, alarms_in
from backend.intake.models import IntakeResponse
from backend.intake.questionnaire import Item, Questionnaire, Section, questionnaire
from backend.portals.patient.views.intake_typed import NO, STOPPED, YES, Typed, typed_of
from backend.portals.shell.visit import Visit
from backend.protocol.days import age

MEDICINES_SHOWN = 8
_YES_NO = ((YES, _("Yes")), (NO, _("No")))
_TAKEN = ((NO, _("No")), (YES, _("Yes, I do now")), (STOPPED, _("I stopped within two months")))
_NONE: Mapping[str, Promise] = {
    "codes": _("None of these"),
    "procedures": _("None of these"),
    "methods": _("None of these"),
    "medicines": _("I take no medicine and no supplement"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One control of a question. `raises`: choosing it raises the question's alarm."""

    code: str
    text: Any
    is_chosen: bool
    raises: bool = False
    first_day: str = ""
    second_day: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list of medicines."""

    number: int
    text: str
    stopped_on: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its controls, filled with what was typed or saved."""

    item: Item
    choices: Sequence[Choice]
    rows: Sequence[Row]
    value: str
    none_text: Promise | None
    is_none: bool
    stopped_on: str
    is_asked: bool
    condition: Item | None
    among: str
    alarm: Alarm | None
    error: Promise | str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A section on the way through the questions. `left`: questions without an answer."""

    section: Section
    left: int
    is_begun: bool

    @property
    def is_done(self) -> bool:
        """Whether every question that is asked has its answer."""
        return self.left == 0


class Draft:
    """A response with its questionnaire, as its patient answers it today."""

    def __init__(self, response: IntakeResponse, visit: Visit) -> None:
        patient = response.patient
        self.response = response
        self.questionnaire: Questionnaire = questionnaire(response.questionnaire)
        self.today: date = civil_day(visit.now, patient.zone)
        self.birth_on = patient.birth_on
        self.years = age(patient.birth_on, self.today)
        self.answers: Mapping[str, Any] = response.answers

    def asked(self, answers: Mapping[str, Any] | None = None) -> set[str]:
        """The ids of the questions that are asked, given these answers (else the saved ones)."""
        given = self.answers if answers is None else answers
        found = self.questionnaire.asked(given, self.birth_on, self.today)
        return {item.id for item in found}

    def steps(self) -> list[Step]:
        """The sections that have a question for this patient."""
        asked = self.asked()
        sections = self.questionnaire.sections
        fitting = [one for one in sections if any(item.id in asked for item in one.items)]
        return [self._step(section, asked) for section in fitting]

    def items_of(self, section: Section) -> list[Item]:
        """The questions of a section that are asked, or may be after another answer in it."""
        asked, here = self.asked(), {item.id for item in section.items}
        return [
            item
            for item in section.items
            if item.id in asked or (self._is_for_the_age(item) and _condition_of(item) in here)
        ]

    def _is_for_the_age(self, item: Item) -> bool:
        when = item.enable_when
        return when is None or when.age_from <= self.years < when.age_below

    def _step(self, section: Section, asked: set[str]) -> Step:
        open_ids = [item.id for item in section.items if item.id in asked]
        answered = [item_id for item_id in open_ids if item_id in self.answers]
        required = [item.id for item in section.items if item.required and item.id in asked]
        left = sum(item_id not in self.answers for item_id in required)
        return Step(section, left, bool(answered))

    @property
    def alarms(self) -> list[Alarm]:
        """What is not to wait, among the questions that are asked."""
        asked = self.asked()
        return alarms_in({key: value for key, value in self.answers.items() if key in asked})

    def saved(self, item: Item) -> Typed:
        """What the form's controls hold for the saved answer."""
        return typed_of(item, self.answers.get(item.id), self.today)


def _condition_of(item: Item) -> str | None:
    return item.enable_when.item if item.enable_when else None


def question(item: Item, typed: Typed, *, is_asked: bool, of: Questionnaire) -> Question:
    """A question with its controls, filled with what was typed."""
    alarm = next((alarm for alarm in ALARMS if alarm.item == item.id), None)
    when = item.enable_when
    condition = next((one for one in of.items if when and one.id == when.item), None)
    return Question(
        item=item,
        choices=_choices(item, typed, alarm),
        rows=_rows(typed) if item.type == "medicines" else (),
        value=_first(typed, ""),
        none_text=_NONE.get(item.type),
        is_none="none" in typed,
        stopped_on=_first(typed, "stopped_on"),
        is_asked=is_asked,
        condition=condition,
        among=" ".join(_spelled(value) for value in when.among) if when and condition else "",
        alarm=alarm,
    )


def _choices(item: Item, typed: Typed, alarm: Alarm | None) -> list[Choice]:
    fixed = {"bool": _YES_NO, "taken": _TAKEN}.get(item.type)
    offered: Sequence[tuple[str, Any]] = fixed or [(one.code, one.text) for one in item.options]
    chosen = set(typed.get("", ()))
    raising = {_spelled(value) for value in alarm.among} if alarm else set()
    second = "since" if item.type == "methods" else "next"
    return [
        Choice(
            code,
            text,
            code in chosen,
            code in raising,
            _first(typed, f"{code}.past"),
            _first(typed, f"{code}.{second}"),
        )
        for code, text in offered
    ]


def _rows(typed: Typed) -> list[Row]:
    filled = [int(name.split(".")[0]) for name in typed if name.endswith(".text")]
    count = max(MEDICINES_SHOWN, *(number + 2 for number in filled), 0)
    return [
        Row(number, _first(typed, f"{number}.text"), _first(typed, f"{number}.stopped_on"))
        for number in range(min(count, 12))
    ]


def _first(typed: Typed, name: str) -> str:
    return (typed.get(name) or [""])[0]


def _spelled(value: Any) -> str:
    """A value of an answer as its control spells it."""
    return {True: YES, False: NO}.get(value, str(value)) if isinstance(value, bool) else str(value)
