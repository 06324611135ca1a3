"""Whose record is kept until when, and which holds stand. The counting is PostgreSQL's.

`retention_last_entry_on`, `retention_ends_on` and `retention_open_things` (migration 0002) are
what the guard of an erasure asks as well: list, service and database cannot differ.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from backend.accounts.models import Patient
from backend.audit.models import Erasure
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import NotFound
from backend.retention.models import LegalHold, RetentionReview
from backend.retention.rules import OVERSIGHT, PERIODS, Period, period_of

A_DAY = timedelta(hours=23, minutes=30)  # the clock asks every hour
CHUNK = 500
_AT_WORK = (*OVERSIGHT, Role.CLINIC_STAFF)


def patients_kept_for(actor: Actor) -> QuerySet[Patient]:
    """The patient's own row; the clinic's patients for staff, auditor and administrator."""
    rows = Patient.objects.select_related("clinic", "test_clock").filter(erased_at=None)
    if actor.role is Role.PATIENT and actor.patient_id is not None:
        return rows.filter(id=actor.patient_id)
    if actor.role in _AT_WORK and actor.clinic_id is not None:
        return rows.filter(clinic_id=actor.clinic_id)
    return rows.none()


def with_period(rows: QuerySet[Patient], *, now: datetime) -> QuerySet[Any]:
    """The patients with `last_entry_on`, `retained_until`, `today_on`, `open_things`, `is_held`.

    Civil days where the patient lives; `now` is the wall clock, test clocks show their own time.
    """
    of = {name: period_of(name, settings.RETENTION_YEARS) for name in ("", *PERIODS)}
    standing = LegalHold.objects.filter(patient=OuterRef("id"), lifted_at=None)
    return rows.annotate(
        kept_years=_by_programme({name: one.years for name, one in of.items()}),
        kept_minor=_by_programme({name: one.minor_until_age for name, one in of.items()}),
        last_entry_on=_ask("retention_last_entry_on", F("id")),
        retained_until=_ask(
            "retention_ends_on",
            F("last_entry_on"),
            F("birth_on"),
            F("kept_years"),
            F("kept_minor"),
        ),
        today_on=Cast(
            Func(F("zone"), _clock(now), function="timezone", output_field=DateTimeField()),
            DateField(),
        ),
        open_things=Func(
            F("id"), function="retention_open_things", output_field=ArrayField(CharField())
        ),
        is_held=Exists(standing),
    )


def ended(rows: QuerySet[Patient], *, now: datetime) -> QuerySet[Any]:
    """Those of the patients whose period is over. Who came later than the shortest is not asked."""
    shortest = min(period_of(name, settings.RETENTION_YEARS).years for name in PERIODS)
    since = now - timedelta(days=365 * shortest)
    old = rows.annotate(clock_at=_clock(now)).filter(
        created_at__lt=F("clock_at") - Value(now - since)
    )
    return with_period(old, now=now).filter(today_on__gt=F("retained_until"))


def period_for(patient: Patient) -> Period:
    """The period of the patient's programme, as set."""
    return period_of(patient.clinic.programme, settings.RETENTION_YEARS)


def is_over(patient: Any) -> bool:
    """Whether the period of a patient who was asked `with_period` is over."""
    until: date = patient.retained_until
    return bool(patient.today_on > until)


def counted(*, now: datetime) -> tuple[int, int]:
    """Of how many patients the period is over, and how many of those are held; some at a time."""
    ended_in_all = held = 0
    after: UUID | None = None
    while chunk := _ids_after(after):
        found = ended(Patient.objects.filter(id__in=chunk, erased_at=None), now=now)
        flags = list(found.values_list("is_held", flat=True))
        ended_in_all, held = ended_in_all + len(flags), held + sum(flags)
        after = chunk[-1]
    return ended_in_all, held


def newest_review() -> RetentionReview | None:
    """What the last look at all patients found."""
    return RetentionReview.objects.order_by("-ran_at").first()


def review_is_due(*, at: datetime) -> bool:
    """Whether nobody looked for a day."""
    return not RetentionReview.objects.filter(ran_at__gt=at - A_DAY).exists()


def holds_visible_to(actor: Actor) -> QuerySet[LegalHold]:
    """Those of the clinic, for auditor and administrator; else none."""
    rows = LegalHold.objects.select_related("patient__test_clock")
    if actor.role in OVERSIGHT and actor.clinic_id is not None:
        return rows.filter(patient__clinic_id=actor.clinic_id)
    return rows.none()


def hold_for_update(hold_id: UUID, by: Actor) -> LegalHold:
    """The locked hold, if `by` may see it. Raises NotFound."""
    row = holds_visible_to(by).select_for_update(of=("self",)).filter(id=hold_id).first()
    if row is None or row.patient.erased_at is not None:
        raise NotFound()
    return row


def patient_for_update(patient_id: UUID, by: Actor) -> Patient:
    """The locked patient, if `by` may look after the period. Raises NotFound."""
    rows = patients_kept_for(by).select_for_update(of=("self",))
    patient = rows.filter(id=patient_id).first()
    if patient is None:
        raise NotFound()
    return patient


def erasures_visible_to(actor: Actor) -> QuerySet[Erasure]:
    """Those of the clinic, for auditor and administrator; else none."""
    if actor.role in OVERSIGHT and actor.clinic_id is not None:
        return Erasure.objects.filter(clinic_id=actor.clinic_id)
    return Erasure.objects.none()


def _ids_after(after: UUID | None) -> list[UUID]:
    rows = Patient.objects.filter(erased_at=None).order_by("id")
    if after is not None:
        rows = rows.filter(id__gt=after)
    return list(rows.values_list("id", flat=True)[:CHUNK])


def _clock(now: datetime) -> Coalesce:
    return Coalesce(F("test_clock__frozen_at"), Value(now), output_field=DateTimeField())


def _by_programme(values: dict[str, int]) -> Case:
    whens = [When(clinic__programme=name, then=Value(of)) for name, of in values.items() if name]
    return Case(*whens, default=Value(values[""]), output_field=IntegerField())


def _ask(function: str, *arguments: F) -> Func:
    return Func(*arguments, function=function, output_field=DateField())
