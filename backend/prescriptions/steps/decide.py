"""Keep the answer of the rules as evidence."""

from datetime import datetime

from backend.accounts.models import Patient
from backend.audit.record import record
from backend.db import require_transaction
from backend.kernel.actor import Actor
from backend.prescriptions.models import Course, Decision, Prescription
from backend.prescriptions.replaying import digest
from backend.prescriptions.rules import Moment
from backend.protocol.case import Case
from backend.protocol.facts import facts_of
from backend.protocol.findings import Assessment
from backend.protocol.pack import load
from backend.protocol.version import RULES_VERSION
from backend.rulebook.steps.keep_pack import keep_pack


def decide(
    *,
    patient: Patient,
    assessment: Assessment,
    case: Case,
    moment: str,
    course: Course | None = None,
    prescription: Prescription | None = None,
    by: Actor,
    at: datetime,
) -> Decision:
    """Append a Decision: what was asked, on which facts, and what the rules said.

    `moment` is a Moment: what it was asked for. The facts, the instant, the purpose, the version
    of the rules and the pack, which is kept under its version, are all that the answer depends
    on: they give it again. Raises ValueError if `case` is of another instant than `at`.
    """
    require_transaction()
    if case.now != at:
        raise ValueError("The facts are of another instant than the decision.")
    keep_pack(load(assessment.pack), at=at)
    said = assessment.as_json()
    decision = Decision(
        patient=patient,
        course=course,
        prescription=prescription,
        moment=Moment(moment).value,
        purpose=assessment.purpose,
        facts=facts_of(case),
        findings=said["findings"],
        decision=assessment.decision.value,
        pack=assessment.pack,
        pack_version=assessment.pack_version,
        rules_version=RULES_VERSION,
        asked_by=by.label,
        asked_at=at,
    )
    decision.save(force_insert=True)
    record(f"decision.{decision.moment}", on=decision, by=by, at=at, facts=_entry(decision))
    return decision


def _entry(decision: Decision) -> dict[str, str]:
    about = decision.prescription or decision.course
    return {
        "about": about.ref if about else decision.patient.ref,
        "purpose": decision.purpose,
        "decision": decision.decision,
        "pack_version": decision.pack_version,
        "rules_version": decision.rules_version,
        "facts_sha256": digest(decision.facts),
        "findings_sha256": digest(decision.findings),
    }
