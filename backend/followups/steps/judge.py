"""Ask the rules about an answer, and keep what they said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from backend.db import require_transaction
from backend.kernel.actor import Actor
from backend.kernel.errors import Unprocessable
from backend.prescriptions.models import Course
from backend.prescriptions.queries import assess_now, facts_for
from backend.prescriptions.steps.decide import decide
from backend.protocol.findings import Decision

log = structlog.get_logger("followups")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, the findings as JSON, and the pack that said so."""

    decision: str
    findings: list[dict[str, Any]]
    pack: str
    pack_version: str


def judge(course: Course, checkin: dict[str, Any], *, by: Actor, at: datetime) -> Verdict:
    """The answer of the rules (purpose `checkin`) to everything known and these answers.

    An answer is never lost: when the record itself keeps the rules from being asked, a reported
    red flag counts as urgent and everything else waits for a physician.
    """
    require_transaction()
    try:
        facts = facts_for(course=course, at=at, extra={"checkin": checkin})
        assessment, case = assess_now(facts, "checkin", course.patient, at)
    except Unprocessable as problem:
        log.error("check_in_not_assessed", course=course.ref, code=problem.code)
        worst = Decision.URGENT if checkin.get("red_flags") else Decision.HOLD
        return Verdict(worst.value, [], "", "")
    decide(
        patient=course.patient,
        assessment=assessment,
        case=case,
        moment="check_in",
        course=course,
        by=by,
        at=at,
    )
    findings = [finding.as_json() for finding in assessment.findings]
    return Verdict(assessment.decision.value, findings, assessment.pack, assessment.pack_version)
