"""Withdraw a consent."""

from datetime import datetime, timedelta
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.intake import events
from backend.intake.models import ConsentSignature
from backend.intake.rules import SIGNATURES
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.worklist.rules import Priority, TaskKind
from backend.worklist.steps.open_task import open_task

ANSWER_WITHIN = timedelta(days=1)


@service
def withdraw_consent(
    *, signature_id: UUID, expected_version: int | None = None, by: Actor, at: datetime
) -> ConsentSignature:
    """End a consent from now on; what was done on its ground stays as it was.

    A task tells the clinic, and no medicine is released until somebody has answered it: the
    dispense rules do not ask for consents. Raises NotAllowedFromHere (409), Stale (412).
    """
    signature = (
        ConsentSignature.objects.select_for_update(of=("self",))
        .select_related("patient")
        .get(id=signature_id)
    )
    SIGNATURES.check_move("withdraw", signature.status)
    check_version(signature, expected_version)
    signature.withdrawn_at, signature.withdrawn_by = at, by.label
    save_changes(signature, "withdrawn_at", "withdrawn_by")
    facts = {"document": signature.document}
    record(SIGNATURES["withdraw"].action, on=signature, by=by, at=at, facts=facts)
    payload = {"consent_signature_id": signature.ref, "patient_id": signature.patient.ref}
    emit(events.CONSENT_WITHDRAWN, at=at, payload={**payload, **facts})
    open_task(
        patient=signature.patient,
        kind=TaskKind.CONSENT_WITHDRAWN,
        priority=Priority.NORMAL,
        due_at=at + ANSWER_WITHIN,
        about_ref=signature.ref,
        blocks_release=True,
        by=by,
        at=at,
    )
    return signature
