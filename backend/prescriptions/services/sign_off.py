"""Another physician signs off one senior finding."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.prescriptions.clearing import content_hash
from backend.prescriptions.errors import AnotherPhysicianNeeded, NothingToSignOff
from backend.prescriptions.models import Prescription, SignOff
from backend.prescriptions.queries import assess_prescription, staff_of
from backend.prescriptions.rules import PRESCRIPTIONS
from backend.prescriptions.steps.lock_prescription import lock_prescription
from backend.protocol.findings import Finding, Level


@service
def sign_off(
    *,
    prescription_id: UUID,
    rule: str,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Prescription:
    """Sign off the senior findings of one rule, with a written reason, as they stand now.

    Raises NotAllowedFromHere (409), Stale (412), AnotherPhysicianNeeded (409) for the one who
    drafted it, NothingToSignOff (409) when the rule says nothing, or something more severe:
    hold, block, stop and urgent are signed by nobody. Source: 0.2.
    """
    row = lock_prescription(prescription_id)
    PRESCRIPTIONS.check_move("sign_off", row.status)
    check_version(row, expected_version)
    signer = staff_of(by)
    if row.created_by_id == signer.user_id:
        raise AnotherPhysicianNeeded()
    for finding in _senior_findings(row, rule, at):
        SignOff.objects.create(
            patient=row.patient,
            prescription=row,
            rule=rule,
            evidence=dict(finding.evidence),
            content_sha256=content_hash(row),
            reason=reason,
            signed_by_id=signer.user_id,
            signed_at=at,
        )
    save_changes(row)
    record(PRESCRIPTIONS["sign_off"].action, on=row, by=by, at=at, facts={"rule": rule})
    return row


def _senior_findings(row: Prescription, rule: str, at: datetime) -> list[Finding]:
    assessment, _ = assess_prescription(row, at=at)
    found = [finding for finding in assessment.of(rule) if finding.level is Level.SENIOR]
    if not found:
        raise NothingToSignOff()
    return found
