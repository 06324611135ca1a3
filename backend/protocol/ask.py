"""How a rule asks: typed reads of the facts it needs, and `say` for what it answers.

`ask.day("visit.on")` reads a needed fact: if it is absent the rule holds and names it, and
the rule goes on with what it knows ("missing beside proven"). A fact that counts only if
known is read from `ask.case` directly. Rules come in as functions of one `Ask`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from backend.protocol.case import Case
from backend.protocol.category import asked_as_can, is_exempt, is_male
from backend.protocol.days import days_between, one_month_after
from backend.protocol.findings import Finding, Level
from backend.protocol.pack import Pack
from backend.protocol.pack_shape import ALL
from backend.protocol.texts import said

LETTERS = {"I": "intake", "P": "prescribe", "D": "dispense", "C": "checkin", "S": "second_course"}
T = TypeVar("T")
# Paths stand in the rules only, so that these are as few as the facts.
_reader = cache(attrgetter)


@dataclass(frozen=True, slots=True)
class Moment:
    """What all rules of one assessment share. `case` has nothing dated after today (X-06)."""

    case: Case
    pack: Pack
    purpose: str
    today: date
    eastern_today: date


@dataclass(slots=True)
class Ask:
    """One rule's question to one case; collects its findings and the facts it misses."""

    moment: Moment
    rule: str
    so_far: tuple[Finding, ...]
    findings: list[Finding] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def case(self) -> Case:
        """The facts, for those that count only if known."""
        return self.moment.case

    @property
    def pack(self) -> Pack:
        """The numbers and switches."""
        return self.moment.pack

    @property
    def programme(self) -> str:
        """jp, us, uk or eu."""
        return self.moment.pack.programme

    @property
    def today(self) -> date:
        """Today in the patient's zone."""
        return self.moment.today

    def at(self, *purposes: str) -> bool:
        """Whether this is one of these purposes."""
        return self.moment.purpose in purposes

    def say(
        self, level: Level, answer: str = "", because: Iterable[str] = (), **evidence: object
    ) -> None:
        """Answer with a finding; `answer` picks the message (default: that of the level).

        `because` are paths of facts that decided, beside what stands in the `evidence`.
        """
        facts = {path: _reader(path)(self.moment.case) for path in because}
        name, numbers = answer or level.value, self.pack.numbers
        self.findings.append(said(self.rule, level, name, facts | evidence, numbers))

    # Needed facts ------------------------------------------------------------------------

    def miss(self, *paths: str) -> None:
        """Name facts that this rule needs and that are absent."""
        self.missing.extend(paths)

    def _read(self, path: str, kind: type[T]) -> T | None:
        value: Any = _reader(path)(self.moment.case)
        if value is None:
            self.miss(path)
            return None
        if not isinstance(value, kind):
            raise TypeError(f"{path} is not {kind.__name__}")
        return value

    def flag(self, path: str) -> bool | None:
        """A needed yes or no."""
        return self._read(path, bool)

    def day(self, path: str) -> date | None:
        """A needed civil date."""
        return self._read(path, date)

    def number(self, path: str) -> Decimal | None:
        """A needed number."""
        return self._read(path, Decimal)

    def whole(self, path: str) -> int | None:
        """A needed whole number."""
        return self._read(path, int)

    def code(self, path: str) -> str | None:
        """A needed code or text."""
        return self._read(path, str)

    def listed(self, path: str) -> tuple[Any, ...] | None:
        """A needed list; empty is a known "none"."""
        return self._read(path, tuple)

    def any_of(self, path: str, codes: Iterable[str]) -> tuple[str, ...]:
        """Which of these codes a needed list of codes has; none if it is absent."""
        listed = self.listed(path)
        return tuple(sorted(set(codes).intersection(listed))) if listed else ()

    # The course --------------------------------------------------------------------------

    def status(self) -> str | None:
        """The course's status, needed by every condition on its phase."""
        return self.code("course.status")

    def pending(self) -> bool:
        """First dose not yet taken; False if that is unknown."""
        return self.status() == "not_started"

    def running(self) -> bool:
        """The course runs; False if that is unknown."""
        return self.status() == "running"

    def days_since_start(self) -> int | None:
        """Days since the first dose."""
        started_on = self.day("course.started_on")
        return None if started_on is None else days_between(started_on, self.today)

    # The person --------------------------------------------------------------------------

    @property
    def can(self) -> bool:
        """Asked as for a person who can become pregnant."""
        return asked_as_can(self.case)

    @property
    def male(self) -> bool:
        """Cannot become pregnant, by reason male."""
        return is_male(self.case)

    @property
    def exempt(self) -> bool:
        """UK, EU: can, and the prescriber documented an exemption (P-PP-07)."""
        return is_exempt(self.case, self.programme)

    # Numbers -----------------------------------------------------------------------------

    def pack_number(self, name: str) -> Decimal:
        """A number of the pack."""
        return self.pack.number(name)

    def pack_days(self, name: str) -> int:
        """A whole number of the pack (days, months, points)."""
        return self.pack.whole(name)

    def month_after(self, day: date) -> date:
        """M(day), one month after (docs/domain.md, Days)."""
        return one_month_after(day, self.pack.whole("month_at_least"))


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One numbered rule: at which purposes and in which programmes it is asked.

    A rule equals only itself, which makes the rule book a cheap key of `assess.asked`.
    """

    id: str
    purposes: frozenset[str]
    programmes: frozenset[str]
    function: Callable[[Ask], None]

    def is_asked(self, pack: Pack, purpose: str) -> bool:
        """Whether the rule belongs to the pack and the purpose."""
        off = pack.choices["rules_off"]
        return purpose in self.purposes and pack.programme in self.programmes and self.id not in off


def rule(
    rule_id: str, asked: str, programmes: Iterable[str] = ALL
) -> Callable[[Callable[[Ask], None]], Rule]:
    """Make a function a rule. `asked`: the letters of the purposes (I P D C S)."""
    purposes = frozenset(LETTERS[letter] for letter in asked)

    def make(function: Callable[[Ask], None]) -> Rule:
        return Rule(rule_id, purposes, frozenset(programmes), function)

    return make
