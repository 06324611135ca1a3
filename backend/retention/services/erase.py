"""Use case: a record whose time is over ends, and with it all that leads to the patient."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend import clock
from backend.accounts.models import Patient
from backend.accounts.rules import PATIENTS
from backend.accounts.steps.end_sessions import end_sessions
from backend.audit.keys import forget_key
from backend.audit.models import Erasure
from backend.audit.record import record
from backend.db import check_version, refused_by, service
from backend.kernel.actor import Actor
from backend.kernel.ids import public_id
from backend.kernel.text import Text
from backend.outbox.emit import emit
from backend.retention import events
from backend.retention.errors import RecordOpen, RetentionRuns, UnderHold
from backend.retention.models import LegalHold
from backend.retention.queries import is_over, patient_for_update, period_for, with_period
from backend.retention.rules import ErasureReason

# What PostgreSQL says when something changed since this service asked.
_GUARDS = {
    "erasure_not_under_hold": UnderHold,
    "erasure_of_a_closed_record": RecordOpen,
    "erasure_after_retention": RetentionRuns,
}


@service
def erase_patient(
    *,
    patient_id: UUID,
    reason: ErasureReason,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Erasure:
    """The erasure. Its row is what erases: each app's trigger blanks and deletes what is its own,
    the last one empties the row changes and destroys the key, all in this transaction.

    Raises NotFound, UnderHold, RecordOpen, RetentionRuns (409) and Stale (412).
    """
    patient = patient_for_update(patient_id, by)
    PATIENTS.check_move("erase", patient.status)
    kept = _kept(patient)
    _check(kept)
    check_version(patient, expected_version)

    row = Erasure(
        patient_id=patient.id,
        patient_ref=patient.ref,
        clinic_id=patient.clinic_id,
        reason=reason.value,
        years=kept.kept_years,
        last_entry_on=kept.last_entry_on,
        retained_until=kept.retained_until,
        erased_at=at,
        erased_by=by.label,
    )
    facts = {"reason": row.reason, "erasure": row.ref, "retained_until": str(row.retained_until)}
    record(PATIENTS["erase"].action, on=patient, by=by, at=at, facts=facts)
    end_sessions(user_id=patient.user_id)
    with refused_by(_GUARDS):
        row.save(force_insert=True)
    forget_key(patient.ref)
    payload = {"erasure_id": row.ref, "clinic_id": public_id("cl", patient.clinic_id)}
    emit(events.PATIENT_ERASED, at=at, payload=payload)
    return row


def _kept(patient: Patient) -> Any:
    return with_period(Patient.objects.filter(id=patient.id), now=clock.now()).get()


def _check(kept: Any) -> None:
    """Raise the first reason why the record must stay. Whoever wishes it changes none of them."""
    if kept.is_held:
        standing = LegalHold.objects.filter(patient_id=kept.id, lifted_at=None).order_by("id")
        raise UnderHold(extra={"legal_holds": [hold.ref for hold in standing]})
    if kept.open_things:
        raise RecordOpen(extra={"open": list(kept.open_things)})
    if not is_over(kept):
        raise _runs(kept)


def _runs(kept: Any) -> RetentionRuns:
    until, period = kept.retained_until, period_for(kept)
    return RetentionRuns(
        Text(
            f"この記録は{until:%Y年%m月%d日}まで保存する法的義務があります（{period.source}）。"
            "患者ご本人が消去を希望される場合（個人情報保護法・GDPR）も、この義務が優先します。",
            f"The law has this record kept until {until:%Y-%m-%d} ({period.source}). A patient's "
            "wish (APPI, GDPR article 17(3)(b)) does not override that duty.",
        ),
        extra={
            "retained_until": str(until),
            "last_entry_on": str(kept.last_entry_on),
            "years": kept.kept_years,
            "law": period.source,
        },
    )
