"""A fact changed since the approval: the prescription is void, and a physician is called."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from backend.db import require_transaction
from backend.kernel.actor import Actor
from backend.prescriptions.models import Prescription
from backend.prescriptions.rules import PRESCRIPTIONS, VoidReason
from backend.prescriptions.steps.halt_course import halt_course
from backend.prescriptions.steps.void_open import void_one
from backend.protocol.findings import Finding
from backend.protocol.findings import decide as decision_of
from backend.worklist.rules import Priority, TaskKind
from backend.worklist.steps.open_task import open_task

ANSWER_WITHIN = timedelta(hours=24)  # as for one that a pharmacy rejects
SAME_DAY = timedelta(hours=4)  # as after an answer that stops the drug


def void_for_facts(
    row: Prescription, *, findings: Sequence[Finding], by: Actor, at: datetime
) -> Prescription:
    """Void a locked, issued prescription by these findings, and put a task on the worklist.

    A part that was handed over stays counted; the rest is never handed over. Findings that say
    stop or urgent halt the course as well, and the task is urgent (0.2). The caller keeps the
    decision. Raises NotAllowedFromHere (409) for one that is not issued.
    """
    require_transaction()
    PRESCRIPTIONS.check_move("void_for_facts", row.status)
    rules = ",".join(dict.fromkeys(finding.rule for finding in findings))
    void_one(
        row,
        reason=VoidReason.FACTS_CHANGED,
        action="void_for_facts",
        facts={"rules": rules},
        by=by,
        at=at,
    )
    halts = decision_of(findings).halts_the_drug
    if halts:
        _halt(row, findings, by=by, at=at)
    open_task(
        patient=row.patient,
        kind=TaskKind.FACTS_CHANGED,
        priority=Priority.URGENT if halts else Priority.NORMAL,
        due_at=at + (SAME_DAY if halts else ANSWER_WITHIN),
        about_ref=row.ref,
        blocks_release=halts,
        by=by,
        at=at,
    )
    return row


def _halt(row: Prescription, findings: Sequence[Finding], *, by: Actor, at: datetime) -> None:
    worst = max(findings, key=lambda finding: finding.level.rank)
    said = [finding.as_json() for finding in findings]
    halt_course(row.course, reason_code=worst.rule, findings=said, by=by, at=at)
