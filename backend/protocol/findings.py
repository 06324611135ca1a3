"""What a rule says, and what all of them together decide (docs/domain.md says how)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from backend.kernel.text import Text


class Level(StrEnum):
    """How severe a finding is, in rising order."""

    COUNSEL = "counsel"
    WARN = "warn"
    SENIOR = "senior"
    HOLD = "hold"
    BLOCK = "block"
    STOP = "stop"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """Its place in the order; 0 is the mildest."""
        return _LEVEL_RANKS[self]


_LEVEL_RANKS = {level: rank for rank, level in enumerate(Level)}


class Decision(StrEnum):
    """The answer to a request, in rising order; the level of its most severe finding."""

    CLEAR = "clear"
    SENIOR = "senior"
    HOLD = "hold"
    BLOCK = "block"
    STOP = "stop"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """Its place in the order; 0 is clear."""
        return _DECISION_RANKS[self]

    @property
    def halts_the_drug(self) -> bool:
        """Stop or urgent: every open prescription is void and the patient is told."""
        return self in (Decision.STOP, Decision.URGENT)


_DECISION_RANKS = {decision: rank for rank, decision in enumerate(Decision)}


class Who(StrEnum):
    """Who can do what would change the answer."""

    PATIENT = "patient"
    PHYSICIAN = "physician"
    SENIOR_PHYSICIAN = "senior_physician"
    PHARMACIST = "pharmacist"
    CLINIC_STAFF = "clinic_staff"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's answer. Written for the physician, who decides.

    `missing` names the absent facts by path (`patient.allergies`). `remedy` says what would
    change the answer and `remedy_by` who can do it. `patient_message` is safe to show to the
    patient; it is there from level senior upwards. `evidence` are the facts that decided.
    """

    rule: str
    level: Level
    message: Text
    evidence: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    remedy: Text | None
    remedy_by: Who
    patient_message: Text | None
    source: str

    def as_json(self) -> dict[str, Any]:
        """The finding as plain JSON: texts, lists and null only."""
        return {
            "rule": self.rule,
            "level": self.level.value,
            "message": _text(self.message),
            "evidence": dict(self.evidence),
            "missing": list(self.missing),
            "remedy": _text(self.remedy),
            "remedy_by": self.remedy_by.value,
            "patient_message": _text(self.patient_message),
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer of all rules to one case. Decision support: the physician decides.

    `today` is the civil date in the patient's zone; `None` if the zone is unknown (X-07).
    `in_force` says whether the pack is the one in force for its programme today.
    """

    pack: str
    pack_version: str
    purpose: str
    today: date | None
    decision: Decision
    findings: tuple[Finding, ...]
    in_force: bool

    def of(self, rule: str) -> tuple[Finding, ...]:
        """The findings of one rule."""
        return tuple(finding for finding in self.findings if finding.rule == rule)

    @property
    def missing(self) -> tuple[str, ...]:
        """Every fact that some rule needs and that is absent, each once, in order of asking."""
        return tuple(dict.fromkeys(path for f in self.findings for path in f.missing))

    def as_json(self) -> dict[str, Any]:
        """The assessment as plain JSON for canonical bytes: no floats, no dates."""
        return {
            "pack": self.pack,
            "pack_version": self.pack_version,
            "purpose": self.purpose,
            "today": self.today.isoformat() if self.today else None,
            "decision": self.decision.value,
            "in_force": self.in_force,
            "findings": [finding.as_json() for finding in self.findings],
        }


def _text(text: Text | None) -> dict[str, str] | None:
    return {"ja": text.ja, "en": text.en} if text else None


def decide(findings: Iterable[Finding]) -> Decision:
    """The level of the most severe finding; counsel and warn count as clear."""
    worst = max((finding.level for finding in findings), key=lambda at: at.rank, default=None)
    if worst is None or worst in (Level.COUNSEL, Level.WARN):
        return Decision.CLEAR
    return Decision(worst.value)
