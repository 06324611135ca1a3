"""Where an order stands with what must be so before it may go on, as REMS shows its ETASU.

The findings answer "what is wrong?"; this answers "what is fulfilled, what is open, and whose
turn is it?". The requirements and their rules stand in `requirements.toml`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from backend.kernel.text import Text
from backend.protocol.catalogue import catalogue
from backend.protocol.findings import Finding, Level, Who
from backend.protocol.texts import Wording

FILE = Path(__file__).parent / "requirements.toml"


class Stakeholder(StrEnum):
    """Who must act; `prescriber` too where nobody can lift what stands."""

    PATIENT = "patient"
    PRESCRIBER = "prescriber"
    PHARMACY = "pharmacy"
    CLINIC = "clinic"


class RequirementsStatus(StrEnum):
    """`closed`: the prescription has come to its end, and nothing is asked of it any more."""

    OPEN = "open"
    COMPLETED = "completed"
    CLOSED = "closed"


_TURN = {
    Who.PATIENT: Stakeholder.PATIENT,
    Who.PHYSICIAN: Stakeholder.PRESCRIBER,
    Who.SENIOR_PHYSICIAN: Stakeholder.PRESCRIBER,
    Who.NOBODY: Stakeholder.PRESCRIBER,
    Who.PHARMACIST: Stakeholder.PHARMACY,
    Who.CLINIC_STAFF: Stakeholder.CLINIC,
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """Some of the rules, under a name that a patient, a pharmacist or a regulator knows."""

    code: str
    name: Text
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """One requirement of one order: the rules that were asked of it, and the findings that stand.

    What stands refuses the next step: hold, block, stop, urgent, or senior without a sign-off.
    """

    requirement: Requirement
    rules: tuple[str, ...]
    standing: tuple[Finding, ...]

    @property
    def completed(self) -> bool:
        """Nothing of it stands."""
        return not self.standing

    @property
    def worst(self) -> Finding | None:
        """The most severe of what stands; the first of several."""
        return max(self.standing, key=lambda finding: finding.level.rank, default=None)

    @property
    def stakeholder(self) -> Stakeholder:
        """Whose turn it is by the worst finding; if there is none, who would have to act."""
        if self.worst is not None:
            return _TURN[self.worst.remedy_by]
        if self.rules:
            return _TURN[Wording(self.rules[0]).who(Level.HOLD)]
        return Stakeholder.PRESCRIBER

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that are needed and not known, each once."""
        return tuple(dict.fromkeys(path for f in self.standing for path in f.missing))


def fulfilments(asked: Iterable[str], standing: Iterable[Finding]) -> tuple[Fulfilment, ...]:
    """The requirements of which a rule was asked, in the order of the file.

    `asked`: ids of the rules that the purpose asks under the pack. `standing`: what refuses the
    next step; each finding shows, whether its rule is among those asked or not.
    """
    findings = tuple(standing)
    rules = {*asked, *(finding.rule for finding in findings)}
    found = []
    for requirement in requirements():
        own = tuple(rule for rule in requirement.rules if rule in rules)
        if own:
            stands = tuple(finding for finding in findings if finding.rule in own)
            found.append(Fulfilment(requirement, own, stands))
    return tuple(found)


@lru_cache(maxsize=1)
def requirements() -> tuple[Requirement, ...]:
    """All requirements. Raises ValueError unless each rule stands in exactly one of them."""
    entries = tomllib.loads(FILE.read_text("utf-8"))
    return read(entries, [entry.id for entry in catalogue()])


def read(entries: Mapping[str, Any], known: Iterable[str]) -> tuple[Requirement, ...]:
    """Requirements from their entries. Raises ValueError where they do not part the known rules."""
    found = tuple(
        Requirement(code, Text(*entry["name"]), tuple(entry["rules"]))
        for code, entry in entries.items()
    )
    listed = [rule for requirement in found for rule in requirement.rules]
    if sorted(listed) != sorted(known):
        odd = set(listed) ^ set(known) or {rule for rule in listed if listed.count(rule) > 1}
        raise ValueError(f"each rule stands in one requirement, but not {sorted(odd)}")
    return found
