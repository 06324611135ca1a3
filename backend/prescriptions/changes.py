"""What changed about the patient since a prescription was approved."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.prescriptions.clearing import sign_offs_for, standing
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import assess_now
from backend.protocol.findings import Finding

OF_THE_APPROVAL = ("status", "started_on")  # the first part that is handed over starts the course


def findings_since_approval(
    row: Prescription, facts: Mapping[str, Any], *, at: datetime
) -> list[Finding]:
    """What would refuse the approval by `facts`, and by the facts it rested on would not.

    Both are asked for `at` with the pack in force then: days that went by make no difference
    (the dispense rules count them), only facts do.
    """
    approved = row.signature.decision.facts
    phase = {k: v for k, v in approved.get("course", {}).items() if k in OF_THE_APPROVAL}
    course = {k: v for k, v in facts["course"].items() if k not in OF_THE_APPROVAL}
    before = {**approved, "prescription": facts["prescription"]}
    known = {_key(finding) for finding in _standing(row, before, at)}
    found = _standing(row, {**facts, "course": {**course, **phase}}, at)
    return [finding for finding in found if _key(finding) not in known]


def _standing(row: Prescription, facts: Mapping[str, Any], at: datetime) -> list[Finding]:
    assessment, _ = assess_now(facts, "prescribe", row.patient, at)
    return standing(assessment, sign_offs_for(row, approver_id=row.decided_by_id))


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.level.value, repr((finding.evidence, finding.missing))
