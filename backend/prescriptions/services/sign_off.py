"""Another physician signs off one senior finding."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.prescriptions.clearing import content_hash, is_signed_off, sign_offs_for
from backend.prescriptions.errors import (
    AnotherPhysicianNeeded,
    NothingToSignOff,
    SeveralFindings,
)
from backend.prescriptions.models import Prescription, SignOff
from backend.prescriptions.queries import assess_prescription, staff_of
from backend.prescriptions.rules import PRESCRIPTIONS, Moment
from backend.prescriptions.steps.decide import decide
from backend.prescriptions.steps.lock_prescription import lock_prescription
from backend.protocol.findings import Assessment, Finding, Level


@service
def sign_off(
    *,
    prescription_id: UUID,
    rule: str,
    reason: str,
    evidence: Mapping[str, str] | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Prescription:
    """Sign off one senior finding of a rule, with a written reason, as it stands now.

    `evidence` says which, where the rule has several. The answer that it stands in is kept. Raises
    NotAllowedFromHere (409), Stale (412), AnotherPhysicianNeeded (409) for the one who drafted it,
    SeveralFindings (422), NothingToSignOff (409) when the rule says nothing (more), or something
    more severe: hold, block, stop and urgent are signed by nobody. Source: 0.2.
    """
    row = lock_prescription(prescription_id)
    PRESCRIPTIONS.check_move("sign_off", row.status)
    check_version(row, expected_version)
    signer = staff_of(by)
    if row.created_by_id == signer.user_id:
        raise AnotherPhysicianNeeded()
    assessment, case = assess_prescription(row, at=at)
    finding = _one_finding(_unsigned(row, assessment, rule, signer.user_id), evidence)
    decision = decide(
        patient=row.patient,
        course=row.course,
        prescription=row,
        assessment=assessment,
        case=case,
        moment=Moment.SIGN_OFF,
        by=by,
        at=at,
    )
    SignOff.objects.create(
        patient=row.patient,
        prescription=row,
        decision=decision,
        rule=rule,
        evidence=dict(finding.evidence),
        content_sha256=content_hash(row),
        reason=reason,
        signed_by_id=signer.user_id,
        signed_at=at,
    )
    save_changes(row)
    facts = {"rule": rule, "decision_id": decision.ref}
    record(PRESCRIPTIONS["sign_off"].action, on=row, by=by, at=at, facts=facts)
    return row


def _unsigned(
    row: Prescription, assessment: Assessment, rule: str, signer_id: UUID
) -> list[Finding]:
    """The senior findings of the rule that this signer has not signed."""
    sign_offs = sign_offs_for(row, approver_id=None)
    own = [one for one in sign_offs if one.signed_by_id == signer_id]
    senior = [finding for finding in assessment.of(rule) if finding.level is Level.SENIOR]
    return [finding for finding in senior if not is_signed_off(finding, own)]


def _one_finding(found: list[Finding], evidence: Mapping[str, str] | None) -> Finding:
    if evidence is not None:
        found = [finding for finding in found if dict(finding.evidence) == dict(evidence)]
    if not found:
        raise NothingToSignOff()
    if len(found) > 1:
        raise SeveralFindings([dict(finding.evidence) for finding in found])
    return found[0]
