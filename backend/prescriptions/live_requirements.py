"""The requirements of one prescription at this moment, before its next step."""

from dataclasses import dataclass
from datetime import datetime

from backend.kernel.actor import Actor
from backend.kernel.text import Text
from backend.prescriptions.assessment import reader_as_prescriber
from backend.prescriptions.changes import changes_since_approval
from backend.prescriptions.clearing import sign_offs_for, standing
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import assess_prescription, facts_for
from backend.prescriptions.requirements import (
    Fulfilment,
    Requirement,
    RequirementsStatus,
    fulfilments,
)
from backend.prescriptions.rules import ISSUED, UNSIGNED, Moment, PrescriptionStatus
from backend.protocol.assess import RULES, asked
from backend.protocol.findings import Assessment, Finding
from backend.rulebook.queries import in_force_for
from backend.worklist.queries import open_tasks

FORM = ("X-06", "X-07")  # asked by `assess` itself, of everybody
APPROVAL_STANDS = Requirement(
    "approval_stands",
    Text("承認後に変化がないこと", "Nothing has changed since the approval"),
    (),
)
_TASK = Text(
    "医師が、交付を止めているタスクに対応してください。",
    "A physician answers the task that keeps it from being handed over.",
)


@dataclass(frozen=True, slots=True)
class LiveRequirements:
    """What is asked of a prescription before its next step; without an assessment: nothing is.

    The next step is the approval of an unsigned one, the claim of an approved one, the hand-over
    of a claimed one. `waits`: a task for a physician keeps it from being handed over.
    """

    prescription: Prescription
    assessment: Assessment | None = None
    fulfilments: tuple[Fulfilment, ...] = ()
    waits: bool = False

    @property
    def status(self) -> RequirementsStatus:
        """Completed when nothing refuses the next step."""
        if self.assessment is None:
            return RequirementsStatus.CLOSED
        if self.waits or not all(one.completed for one in self.fulfilments):
            return RequirementsStatus.OPEN
        return RequirementsStatus.COMPLETED

    def is_completed(self, one: Fulfilment) -> bool:
        """Nothing of it stands; and a physician's answer is not awaited, if it rests on that."""
        return one.completed and not self._waits_for(one)

    def remedy(self, one: Fulfilment) -> Text | None:
        """What would fulfil it: that of the worst finding."""
        if one.worst is not None:
            return one.worst.remedy
        return _TASK if self._waits_for(one) else None

    def _waits_for(self, one: Fulfilment) -> bool:
        return self.waits and one.requirement is APPROVAL_STANDS


def live_requirements(row: Prescription, *, by: Actor, at: datetime) -> LiveRequirements:
    """What is fulfilled and what is open, asked as if the reader went on; changes nothing."""
    if row.status in UNSIGNED:
        return _before_approval(row, by=by, at=at)
    if row.status in ISSUED:
        return _before_hand_over(row, at=at)
    return LiveRequirements(row)


def _before_approval(row: Prescription, *, by: Actor, at: datetime) -> LiveRequirements:
    assessment, _ = assess_prescription(row, prescriber=reader_as_prescriber(by), at=at)
    stands = standing(assessment, sign_offs_for(row, approver_id=by.user_id))
    return LiveRequirements(row, assessment, _fulfilments(row, assessment, stands, at))


def _before_hand_over(row: Prescription, *, at: datetime) -> LiveRequirements:
    """The dispense rules, and whether what the approval rested on is still so (feature 9)."""
    facts = facts_for(
        course=row.course, prescription=row, at=at, extra={"dispense": _dispense_facts(row)}
    )
    approval, release = changes_since_approval(row, facts, at=at)
    changed = (*approval.known, *approval.unknown, *release.known, *release.unknown)
    distinct = tuple(dict.fromkeys(changed))
    rules = tuple(dict.fromkeys(finding.rule for finding in distinct))
    stands = _fulfilments(row, release.assessment, list(release.standing), at)
    return LiveRequirements(
        prescription=row,
        assessment=release.assessment,
        fulfilments=(Fulfilment(APPROVAL_STANDS, rules, distinct), *stands),
        waits=open_tasks(row.patient).filter(blocks_release=True).exists(),
    )


def _dispense_facts(row: Prescription) -> dict[str, object]:
    """What the counter knows before its next step; at a hand-over, the rest is still to be done."""
    first = row.status == PrescriptionStatus.APPROVED
    step = Moment.CLAIM if first else Moment.HAND_OVER
    return {"step": step.value, "already_dispensed": False}


def _fulfilments(
    row: Prescription, assessment: Assessment, stands: list[Finding], at: datetime
) -> tuple[Fulfilment, ...]:
    pack, _ = in_force_for(row.patient, at=at)
    rules = [rule.id for rule in asked(RULES, pack, assessment.purpose)]
    return fulfilments([*FORM, *rules], stands)
