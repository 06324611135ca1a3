"""Use case: a patient moves, or wants to be reached in another way."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from backend.accounts import events
from backend.accounts.errors import ZoneIsSetByClinic
from backend.accounts.models import Patient
from backend.accounts.rules import PATIENTS, may_move
from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit


@service
def update_contact(
    *,
    patient_id: UUID,
    changes: Mapping[str, str],
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> Patient:
    """The patient with the changes: any of zone (IANA), language, telephone, name_kana.

    What was asked for but is the same already is not written; the entry names fields, not values.
    Raises ZoneIsSetByClinic (403) for a patient who changes the zone: it decides on which day a
    test is too old and a prescription too late, so somebody of the clinic sets it.
    """
    patient = Patient.objects.select_for_update(of=("self",)).get(id=patient_id)
    PATIENTS.check_move("update_contact", patient.status)
    check_version(patient, expected_version)

    changed = sorted(name for name, value in changes.items() if getattr(patient, name) != value)
    if "zone" in changed and not may_move(by.role):
        raise ZoneIsSetByClinic()
    for name in changed:
        setattr(patient, name, changes[name])
    save_changes(patient, *changed)

    facts = {"fields": changed}
    record(PATIENTS["update_contact"].action, on=patient, by=by, at=at, facts=facts)
    emit(events.PATIENT_CONTACT_UPDATED, at=at, payload={"patient_id": patient.ref})
    return patient
