"""Reading hours, slots and visits."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from backend.accounts.models import StaffMember
from backend.booking.models import AvailabilityException, AvailabilityRule, Visit, VisitNote
from backend.booking.rules import (
    CHECKLIST,
    TAKING,
    ExceptionKind,
    HoursStatus,
    VisitStatus,
)
from backend.booking.slots import DAY, Extra, Span, free_of, offered
from backend.clock import civil_day
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import FieldError, Invalid, NotFound
from backend.kernel.text import Text

_CARERS = {Role.PHYSICIAN, Role.CLINIC_STAFF, Role.AUDITOR}
_CLINIC = {*_CARERS, Role.CLINIC_ADMINISTRATOR}


# Confirming a visit is the busiest act of the service: what nobody reads there stays away.
_OF_PATIENT = tuple(
    f"patient__{name}"
    for name in (
        "name",
        "name_kana",
        "birth_on",
        "language",
        "telephone",
        "identity_verified_at",
        "identity_verified_by",
        "identity_document",
        "created_at",
    )
)
_OF_PHYSICIAN = tuple(
    f"physician__{name}"
    for name in (
        "name_kana",
        "licence_number",
        "licence_verified_on",
        "online_training_on",
        "is_retinoid_expert",
        "created_at",
        "deactivated_at",
    )
)


def visits_visible_to(actor: Actor) -> QuerySet[Visit]:
    """A patient's own visits; for the people who care and the auditor, those of their clinic."""
    rows = Visit.objects.select_related("patient__test_clock", "physician")
    if actor.role is Role.PATIENT and actor.patient_id is not None:
        return rows.filter(patient_id=actor.patient_id)
    if actor.role in _CARERS and actor.clinic_id is not None:
        return rows.filter(patient__clinic_id=actor.clinic_id)
    return rows.none()


def visit_for_update(visit_id: UUID, by: Actor) -> Visit:
    """The locked visit, if `by` may see it: one statement. Raises NotFound."""
    rows = visits_visible_to(by).select_related(None).select_related("patient", "physician")
    rows = rows.defer(*_OF_PATIENT, *_OF_PHYSICIAN).select_for_update(of=("self",))
    try:
        return rows.get(id=visit_id)
    except Visit.DoesNotExist:
        raise NotFound() from None


def notes_visible_to(actor: Actor) -> QuerySet[VisitNote]:
    """The notes of the clinic's visits, for physicians and the auditor only."""
    rows = VisitNote.objects.select_related("patient__test_clock")
    if actor.role in {Role.PHYSICIAN, Role.AUDITOR} and actor.clinic_id is not None:
        return rows.filter(patient__clinic_id=actor.clinic_id)
    return rows.none()


def rules_visible_to(actor: Actor) -> QuerySet[AvailabilityRule]:
    """The weekly hours of the clinic, for its people."""
    return _hours_of_clinic(AvailabilityRule.objects.select_related("physician"), actor)


def exceptions_visible_to(actor: Actor) -> QuerySet[AvailabilityException]:
    """The exceptions of the clinic, for its people."""
    return _hours_of_clinic(AvailabilityException.objects.select_related("physician"), actor)


def _hours_of_clinic(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    if actor.role in _CLINIC and actor.clinic_id is not None:
        return rows.filter(physician__clinic_id=actor.clinic_id)
    return rows.none()


def physician_of(actor: Actor, physician_id: UUID) -> StaffMember:
    """A physician named in a body, one who works at the actor's clinic now. Raises Invalid."""
    found = physicians_of(actor).filter(id=physician_id).first()
    if found is None:
        detail = Text("この医師は見つかりません。", "There is no such physician.")
        raise Invalid(errors=[FieldError("/physician", "not_found", detail)])
    return found


def physicians_of(actor: Actor) -> QuerySet[StaffMember]:
    """The physicians of the actor's clinic who work there now."""
    if actor.clinic_id is None:
        return StaffMember.objects.none()
    return StaffMember.objects.filter(
        clinic_id=actor.clinic_id,
        user__role=Role.PHYSICIAN.value,
        deactivated_at__isnull=True,
    )


def days_in(zone: str, first: Any, after_last: Any) -> Span:
    """The window from the first civil day in a zone up to, not including, another."""
    begin, end = (
        datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) for day in (first, after_last)
    )
    return Span(begin, end)


def offered_slots(physician_id: UUID, window: Span) -> list[Span]:
    """What the physician's hours offer in a window, taken or not: two queries."""
    active = {"physician_id": physician_id, "status": HoursStatus.ACTIVE}
    exceptions = list(
        AvailabilityException.objects.filter(
            **active, starts_at__lt=window.ends_at + DAY, ends_at__gt=window.starts_at - DAY
        )
    )
    return offered(
        window,
        weekly=AvailabilityRule.objects.filter(**active),
        extra=[
            Extra(row.starts_at, row.ends_at, row.slot_minutes)
            for row in exceptions
            if row.slot_minutes is not None
        ],
        closed=[row.span for row in exceptions if row.kind == ExceptionKind.CLOSED],
    )


def taken_times(physician_id: UUID, window: Span, *, at: datetime) -> list[Span]:
    """The times in a window that are taken at `at`: one query."""
    rows = Visit.objects.filter(
        physician_id=physician_id,
        status__in=TAKING,
        starts_at__lt=window.ends_at,
        ends_at__gt=window.starts_at,
    ).exclude(past_hold(at))
    return [Span(*times) for times in rows.values_list("starts_at", "ends_at")]


def free_slots(physician_id: UUID, window: Span, *, by: Actor, at: datetime) -> list[Span]:
    """The slots of a physician of one's clinic that are free and still to come: four queries."""
    if not physicians_of(by).filter(id=physician_id).exists():
        return []
    slots = [slot for slot in offered_slots(physician_id, window) if slot.starts_at > at]
    around = Span(window.starts_at, window.ends_at + DAY)
    return free_of(slots, taken_times(physician_id, around, at=at))


def past_hold(at: datetime) -> Q:
    """Held beyond its time: by the test clock of the patient who holds it, else by `at`."""
    by_the_wall = Q(patient__test_clock__isnull=True, hold_expires_at__lte=at)
    by_test_clock = Q(patient__test_clock__frozen_at__gte=F("hold_expires_at"))
    return Q(status=VisitStatus.HELD) & (by_the_wall | by_test_clock)


def facts_about_visit(visit: Visit) -> Mapping[str, Any]:
    """`{"visit": {...}}` in the words of the case format; what is not known is left out."""
    facts: dict[str, Any] = {
        "kind": visit.kind,
        "mode": visit.mode,
        "history": visit.history,
        "video_seconds": visit.video_seconds,
        **{name: getattr(visit, name) for name in CHECKLIST},
        "identity_verified": visit.patient.identity_verified_at is not None,
    }
    if visit.started_at is not None:
        facts["on"] = civil_day(visit.started_at, visit.patient.zone)
    return {"visit": {name: value for name, value in facts.items() if value is not None}}
