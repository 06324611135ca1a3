"""Hold a slot for a patient, for ten minutes."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from backend.accounts.models import Patient
from backend.audit.record import instant, record
from backend.booking.errors import PatientBusy, SlotNotOffered, SlotTaken, TooManyOpenVisits
from backend.booking.models import Visit
from backend.booking.queries import offered_slots, past_hold, physician_of, taken_times
from backend.booking.rules import MAX_OPEN_VISITS, OPEN, TAKING, VISITS, hold_expires_at
from backend.booking.slots import DAY, Span
from backend.booking.steps.expire_hold import expire_hold
from backend.db import lock_for, refused_by, service
from backend.kernel.actor import Actor, job
from backend.kernel.errors import NotFound

_NEVER_TWICE = {
    "visit_physician_never_twice": SlotTaken,
    "visit_patient_never_twice": PatientBusy,
}
_INSTANT = timedelta(microseconds=1)
_CLOCK = job("expire_holds")


@service
def hold_visit(*, physician_id: UUID, starts_at: datetime, by: Actor, at: datetime) -> Visit:
    """Hold the physician's free slot that begins at `starts_at` for the patient who acts.

    Everybody who wants the same physician, then the same patient, queues up before visits are
    read: nobody meets the exclusion constraints, which are the truth behind it. The many who come
    too late learn so first, and leave the queue. Raises Invalid (no such physician),
    SlotNotOffered (422), SlotTaken, PatientBusy, TooManyOpenVisits (409).
    """
    if by.patient_id is None:
        raise NotFound()
    physician = physician_of(by, physician_id)
    lock_for(physician_id)
    if taken_times(physician_id, Span(starts_at, starts_at + _INSTANT), at=at):
        raise SlotTaken()
    lock_for(by.patient_id)
    patient = Patient.objects.select_related("test_clock").get(id=by.patient_id)
    slot = _slot_at(physician_id, starts_at, at)
    _let_go_of_past_holds(physician_id, patient, slot, at)
    _check_free(physician_id, patient, slot, at)

    visit = Visit(
        patient=patient,
        physician=physician,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        room=secrets.token_hex(16),
        created_at=at,
        hold_expires_at=hold_expires_at(at, slot.starts_at),
    )
    with refused_by(_NEVER_TWICE):
        visit.save(force_insert=True)
    facts = {"physician": physician.ref, "starts_at": instant(slot.starts_at)}
    record(VISITS["hold"].action, on=visit, by=by, at=at, facts=facts)
    return visit


def _slot_at(physician_id: UUID, starts_at: datetime, at: datetime) -> Span:
    window = Span(starts_at - DAY, starts_at + DAY)
    for slot in offered_slots(physician_id, window):
        if slot.starts_at == starts_at > at:
            return slot
    raise SlotNotOffered()


def _overlapping(slot: Span) -> Q:
    return Q(starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at)


def _let_go_of_past_holds(physician_id: UUID, patient: Patient, slot: Span, at: datetime) -> None:
    """Expire what stands in the way, and the patient's own; in one order, so nobody deadlocks."""
    in_the_way = Q(patient=patient) | (Q(physician_id=physician_id) & _overlapping(slot))
    rows = (
        Visit.objects.select_related("patient")
        .select_for_update(of=("self",))
        .filter(in_the_way & past_hold(at))
        .order_by("id")
    )
    for visit in rows:
        expire_hold(visit, by=_CLOCK, at=at)


def _check_free(physician_id: UUID, patient: Patient, slot: Span, at: datetime) -> None:
    mine = Q(patient=patient, ends_at__gt=at)
    theirs = Q(physician_id=physician_id) & _overlapping(slot)
    rows = list(Visit.objects.filter(mine | theirs, status__in=TAKING))
    meeting = [row for row in rows if row.span.overlaps(slot)]
    if any(row.physician_id == physician_id for row in meeting):
        raise SlotTaken()
    if meeting:
        raise PatientBusy()
    still_open = [r for r in rows if r.patient_id == patient.id and r.status in OPEN]
    if len(still_open) >= MAX_OPEN_VISITS:
        raise TooManyOpenVisits(extra={"at_most": MAX_OPEN_VISITS})
