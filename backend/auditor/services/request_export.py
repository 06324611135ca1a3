"""Use case: somebody asks for a bundle of the trail."""

from datetime import datetime

from backend.accounts.queries import clinic_of, user_of
from backend.audit.record import instant, record
from backend.auditor import events
from backend.auditor.errors import ExportUnderWay, OneScope, PeriodReversed
from backend.auditor.models import AuditExport
from backend.auditor.rules import AUDIT_EXPORTS
from backend.auditor.subject import subject_of
from backend.db import refused_by, service
from backend.kernel.actor import Actor, Role
from backend.kernel.ids import public_id
from backend.outbox.emit import emit

Period = tuple[datetime, datetime]


@service
def request_export(
    *,
    pseudonym: str | None,
    period: Period | None,
    by: Actor,
    at: datetime,
) -> AuditExport:
    """The wish, for a worker to fulfil: of one patient, or of a period of the actor's clinic.

    What rows were before and after is for auditors. Raises OneScope, PeriodReversed (422) and
    ExportUnderWay (409).
    """
    if (pseudonym is None) == (period is None):
        raise OneScope()
    begin, end = period or (None, None)
    if begin is not None and end is not None and begin >= end:
        raise PeriodReversed()
    with refused_by({"audit_export_one_at_a_time": ExportUnderWay}):
        row = AuditExport.objects.create(
            clinic=clinic_of(by),
            pseudonym=pseudonym,
            recorded_from=begin,
            recorded_until=end,
            with_rows=by.role is Role.AUDITOR,
            requested_by=user_of(by),
            requested_at=at,
        )
    facts = {"pseudonym": pseudonym} if begin is None or end is None else _said(begin, end)
    record(AUDIT_EXPORTS["request"].action, on=subject_of(row), by=by, at=at, facts=facts)
    payload = {"audit_export_id": row.ref, "clinic_id": public_id("cl", row.clinic_id)}
    emit(events.EXPORT_REQUESTED, at=at, payload=payload)
    return row


def _said(begin: datetime, end: datetime) -> dict[str, str]:
    return {"recorded_from": instant(begin), "recorded_until": instant(end)}
