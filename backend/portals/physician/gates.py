"""All gates of a prescription as rows: what stands, what is only said, and what is clear."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from backend.kernel.text import Text
from backend.prescriptions.clearing import is_signed_off
from backend.prescriptions.errors import AnotherPhysicianNeeded
from backend.prescriptions.models import Prescription, SignOff
from backend.prescriptions.requirements import Fulfilment, fulfilments, requirements
from backend.protocol.assess import RULES, asked
from backend.protocol.findings import Assessment, Finding, Level
from backend.protocol.pack import load

FORM = ("X-06", "X-07")  # asked by `assess` itself, of everybody
WHO = {
    "patient": _("The patient"),
    "physician": _("The physician"),
    "senior_physician": _("Another physician"),
    "pharmacist": _("The pharmacist"),
    "clinic_staff": _("The clinic's staff"),
    "nobody": _("Nobody can lift this"),
}
SIGNED_BY_YOU = Text(
    "あなたはこの所見に署名済みです。承認は別の医師が行います。",
    "You have signed this finding; another physician approves.",
)


@dataclass(frozen=True, slots=True)
class Gate:
    """One finding as a row. `sign_off`: why it cannot be signed off here; None = it can.

    `number` tells the rows apart on their page; `is_signed` says that another signed it off.
    """

    number: int
    finding: Finding
    name: Text | None
    is_signed: bool
    why_not: Text | None

    @property
    def level(self) -> str:
        """The finding's level; what was signed off counts as clear."""
        return "clear" if self.is_signed else self.finding.level.value

    @property
    def number_text(self) -> str:
        """Its number as part of an element's id."""
        return str(self.number)

    @property
    def is_senior(self) -> bool:
        """Whether a second physician can sign it off."""
        return self.finding.level is Level.SENIOR

    @property
    def who(self) -> Any:
        """Who can do what would unblock it, in words."""
        return WHO[self.finding.remedy_by.value]

    @property
    def evidence(self) -> list[tuple[str, str]]:
        """The facts that decided, and those that are missing."""
        return list(self.finding.evidence)


@dataclass(frozen=True, slots=True)
class Gates:
    """`standing`: worst first, these refuse approval. `noted`: said only. `clear`: nothing."""

    standing: list[Gate]
    noted: list[Gate]
    clear: list[Fulfilment]

    @property
    def to_sign(self) -> list[Gate]:
        """Those with a form to sign them off."""
        return [gate for gate in self.standing if gate.is_senior and gate.why_not is None]

    @property
    def rules(self) -> list[str]:
        """The rules that refuse approval, each once."""
        return list(dict.fromkeys(gate.finding.rule for gate in self.standing))


def gates_of(
    row: Prescription, assessment: Assessment, sign_offs: list[SignOff], *, reader_id: UUID | None
) -> Gates:
    """Every finding and every requirement, as the reader meets them. No queries.

    `sign_offs`: all that fit the prescription; the reader's own do not count for the reader.
    """
    others = [one for one in sign_offs if one.signed_by_id != reader_id]
    own = [one for one in sign_offs if one.signed_by_id == reader_id]
    names = {rule: one.name for one in requirements() for rule in one.rules}
    ordered = sorted(assessment.findings, key=lambda finding: -finding.level.rank)
    rows = [
        Gate(
            number,
            finding,
            names.get(finding.rule),
            is_signed_off(finding, others),
            _why_not(row, finding, own, reader_id),
        )
        for number, finding in enumerate(ordered, start=1)
    ]
    standing = [r for r in rows if r.finding.level.rank >= Level.SENIOR.rank and not r.is_signed]
    noted = [r for r in rows if r not in standing]
    return Gates(standing, noted, _clear(assessment, ordered))


def _why_not(
    row: Prescription, finding: Finding, own: list[SignOff], reader_id: UUID | None
) -> Text | None:
    if row.created_by_id == reader_id:
        return AnotherPhysicianNeeded.title
    return SIGNED_BY_YOU if is_signed_off(finding, own) else None


def _clear(assessment: Assessment, findings: list[Finding]) -> list[Fulfilment]:
    """The requirements of which the pack asks something and nothing was found."""
    rules = [rule.id for rule in asked(RULES, load(assessment.pack), assessment.purpose)]
    return [one for one in fulfilments([*FORM, *rules], findings) if one.completed]
