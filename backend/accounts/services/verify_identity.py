"""Use case: staff checked who the patient is."""

from datetime import datetime
from uuid import UUID

from backend.accounts import events
from backend.accounts.models import Patient
from backend.accounts.rules import PATIENTS, IdentityDocument
from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit


@service
def verify_identity(
    *,
    patient_id: UUID,
    document: IdentityDocument,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> Patient:
    """The patient, verified with time and person (J-11).

    Only the kind of document is kept, never its number or image. Raises NotAllowedFromHere
    (409) for a patient who is verified already.
    """
    patient = Patient.objects.select_for_update(of=("self",)).get(id=patient_id)
    PATIENTS.check_move("verify_identity", patient.status)
    check_version(patient, expected_version)

    patient.identity_verified_at, patient.identity_verified_by_id = at, by.user_id
    patient.identity_document = document.value
    save_changes(patient, "identity_verified_at", "identity_verified_by", "identity_document")

    facts = {"document": document.value}
    record(PATIENTS["verify_identity"].action, on=patient, by=by, at=at, facts=facts)
    emit(events.PATIENT_IDENTITY_VERIFIED, at=at, payload={"patient_id": patient.ref})
    return patient
