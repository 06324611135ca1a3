"""The live what-if: what the rules would say to an approval at this moment."""

from datetime import datetime
from typing import Any

from backend.accounts.models import StaffMember
from backend.kernel.actor import Actor, Role
from backend.prescriptions.clearing import is_signed_off, sign_offs_for, standing
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import assess_prescription, staff_of
from backend.prescriptions.wording import finding_in


def live_assessment(row: Prescription, *, by: Actor, language: str, at: datetime) -> dict[str, Any]:
    """Everything that the rules find, asked as if the reader approved; changes nothing.

    A reader who is no physician sees what whoever drafted it would.
    """
    assessment, _ = assess_prescription(row, prescriber=reader_as_prescriber(by), at=at)
    sign_offs = sign_offs_for(row, approver_id=by.user_id)
    ordered = sorted(assessment.findings, key=lambda finding: -finding.level.rank)
    return {
        "prescription": row.ref,
        "decision": assessment.decision.value,
        "may_be_approved": not standing(assessment, sign_offs),
        "pack": assessment.pack,
        "pack_version": assessment.pack_version,
        "today": str(assessment.today) if assessment.today else None,
        "findings": [
            finding_in(finding, language, signed_off=is_signed_off(finding, sign_offs))
            for finding in ordered
        ],
        "missing": list(assessment.missing),
    }


def reader_as_prescriber(by: Actor) -> StaffMember | None:
    """The physician who reads, as who would approve; None for any other reader."""
    return staff_of(by) if by.role is Role.PHYSICIAN else None
