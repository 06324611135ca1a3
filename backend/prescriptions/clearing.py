"""May it go on? The course is open, and what the rules find is clear or signed off."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from backend.api.language import reader_language
from backend.kernel.canonical import canonical
from backend.prescriptions.errors import CourseHalted, CourseNotOpen, NotClear
from backend.prescriptions.models import Course, Prescription, SignOff
from backend.prescriptions.rules import OPEN_COURSE, CourseStatus
from backend.prescriptions.wording import findings_in
from backend.protocol.findings import Assessment, Finding, Level


def require_open(course: Course) -> None:
    """Raise CourseHalted or CourseNotOpen (409) unless the locked course is planned or running."""
    if course.status == CourseStatus.HALTED:
        raise CourseHalted()
    if course.status not in OPEN_COURSE:
        raise CourseNotOpen()


def content_hash(row: Prescription) -> bytes:
    """What a sign-off is bound to: product, lot, dose, days, route. Change one: sign again."""
    content = {
        "product": str(row.product_id),
        "lot": str(row.lot_id),
        "visit": str(row.visit_id),
        "daily_mg": row.daily_mg,
        "days": row.days,
        "doses_per_day": row.doses_per_day,
        "route": row.route,
    }
    return hashlib.sha256(canonical(content)).digest()


def sign_offs_for(row: Prescription, *, approver_id: UUID | None) -> list[SignOff]:
    """The sign-offs that still fit the prescription and are not the approver's own."""
    rows = SignOff.objects.filter(prescription=row, content_sha256=content_hash(row))
    return [one for one in rows if one.signed_by_id != approver_id]


def is_signed_off(finding: Finding, sign_offs: Iterable[SignOff]) -> bool:
    """Whether a senior finding, just as it is now, was signed off. Nothing else can be."""
    return finding.level is Level.SENIOR and any(
        one.rule == finding.rule and one.evidence == dict(finding.evidence) for one in sign_offs
    )


def standing(assessment: Assessment, sign_offs: Iterable[SignOff]) -> list[Finding]:
    """The findings that refuse approval: senior and not signed off, or more severe."""
    signed = list(sign_offs)
    return [
        finding
        for finding in assessment.findings
        if finding.level.rank >= Level.SENIOR.rank and not is_signed_off(finding, signed)
    ]


def require_clear(assessment: Assessment, sign_offs: Iterable[SignOff]) -> None:
    """Raise NotClear (422) with every finding, in the reader's language, unless it may go on."""
    if standing(assessment, sign_offs):
        raise NotClear(
            assessment.decision.value,
            findings_in(assessment, reader_language()),
            list(assessment.missing),
        )
