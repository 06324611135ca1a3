"""What changed about the patient since a prescription was approved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.prescriptions.clearing import sign_offs_for, standing
from backend.prescriptions.models import Prescription, SignOff
from backend.prescriptions.queries import assess_now
from backend.prescriptions.window import WINDOWS
from backend.protocol.case import Case
from backend.protocol.findings import Assessment, Finding

OF_THE_PHASE = ("status", "started_on")  # the first part that is handed over starts the course
# These ask for another day or another test, not for another prescription, and the dispense rules
# ask them at every claim and hand-over anyway.
LEFT_TO_THE_COUNTER = WINDOWS | {"P-JP-06", "P-US-08"}


@dataclass(frozen=True, slots=True)
class Change:
    """What the rules say of the facts of now (`standing`), and what they did not say before.

    `known` rests on facts, `unknown` on the lack of one that was there at the approval: a
    medicine that nobody has classified, a result that was taken back, a word against the clinic's.
    """

    assessment: Assessment
    case: Case
    standing: tuple[Finding, ...]
    known: tuple[Finding, ...]
    unknown: tuple[Finding, ...]


def changes_since_approval(
    row: Prescription, facts: Mapping[str, Any], *, at: datetime
) -> tuple[Change, Change]:
    """What would refuse the approval, and the hand-over, by `facts` and not by those approved.

    The facts of now and those that the approval rested on are asked for the same instant, with
    the same pack: days that went by make no difference (windows that close or are not open yet
    are told by the dispense rules), only facts do.
    """
    approved = row.signature.decision.facts
    of_then, of_now = _phase(approved.get("course", {})), _phase(facts["course"])
    before = {**approved, "prescription": facts["prescription"], "dispense": facts["dispense"]}
    sign_offs = sign_offs_for(row, approver_id=row.decided_by_id)

    def change(purpose: str, phase: Mapping[str, Any]) -> Change:
        then, _ = assess_now(_in_phase(before, phase), purpose, row.patient, at)
        now, case = assess_now(_in_phase(facts, phase), purpose, row.patient, at)
        return _compared(then, now, case, sign_offs)

    return change("prescribe", of_then), change("dispense", of_now)


def _compared(
    then: Assessment, now: Assessment, case: Case, sign_offs: Iterable[SignOff]
) -> Change:
    signed = list(sign_offs)
    said_before = {_key(finding) for finding in standing(then, signed)}
    stands = standing(now, signed)
    new = [
        finding
        for finding in stands
        if _key(finding) not in said_before and finding.rule not in LEFT_TO_THE_COUNTER
    ]
    return Change(
        assessment=now,
        case=case,
        standing=tuple(stands),
        known=tuple(finding for finding in new if not finding.missing),
        unknown=tuple(finding for finding in new if finding.missing),
    )


def _phase(course: Mapping[str, Any]) -> dict[str, Any]:
    return {name: course[name] for name in OF_THE_PHASE if name in course}


def _in_phase(facts: Mapping[str, Any], phase: Mapping[str, Any]) -> dict[str, Any]:
    course = {k: v for k, v in facts.get("course", {}).items() if k not in OF_THE_PHASE}
    return {**facts, "course": {**course, **phase}}


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.level.value, repr((finding.evidence, finding.missing))
