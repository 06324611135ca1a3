"""Use case: whoever signed up becomes a patient of a clinic."""

from datetime import date, datetime
from uuid import UUID

from backend.accounts import events
from backend.accounts.errors import ProfileExists
from backend.accounts.models import Patient
from backend.accounts.queries import user_of
from backend.accounts.rules import PATIENTS, check_birth
from backend.audit.record import record
from backend.clock import civil_day
from backend.db import refused_by, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit


@service
def register_patient(
    *,
    clinic_id: UUID,
    name: str,
    name_kana: str,
    birth_on: date,
    zone: str,
    language: str,
    telephone: str,
    test_clock_id: UUID | None,
    by: Actor,
    at: datetime,
) -> Patient:
    """The one profile of the account that asks. `birth_on` is a civil date, `zone` IANA.

    Raises ProfileExists (409), BirthInFuture (422).
    """
    check_birth(birth_on, civil_day(at, zone))
    patient = Patient(
        user=user_of(by),
        clinic_id=clinic_id,
        name=name,
        name_kana=name_kana,
        birth_on=birth_on,
        zone=zone,
        language=language,
        telephone=telephone,
        test_clock_id=test_clock_id,
        created_at=at,
    )
    with refused_by({"accounts_patient_user_id_key": ProfileExists}):
        patient.save(force_insert=True)
    record(PATIENTS["register"].action, on=patient, by=by, at=at)
    payload = {"patient_id": patient.ref, "clinic_id": patient.clinic.ref}
    emit(events.PATIENT_REGISTERED, at=at, payload=payload)
    return patient
