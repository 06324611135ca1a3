"""Hours, and visits in each state that a visit can really be in."""

from datetime import UTC, date, datetime, timedelta

import factory

from backend.booking.models import AvailabilityException, AvailabilityRule, Visit, VisitNote
from tests.factories.accounts import LONG_AGO, PatientFactory, PhysicianFactory

NOW = datetime(2026, 3, 10, 3, tzinfo=UTC)  # Tuesday noon in Tokyo; where test clocks stand
SLOT = datetime(2026, 3, 12, tzinfo=UTC)  # Thursday, nine o'clock in Tokyo


class AvailabilityRuleFactory(factory.django.DjangoModelFactory):
    """Thursday mornings in Tokyo, half an hour each."""

    class Meta:
        model = AvailabilityRule

    physician = factory.SubFactory(PhysicianFactory)
    weekday = 4
    starts_minute = 9 * 60
    ends_minute = 12 * 60
    slot_minutes = 30
    zone = "Asia/Tokyo"
    valid_from = date(2026, 1, 1)
    created_at = LONG_AGO

    class Params:
        withdrawn = factory.Trait(status="withdrawn", withdrawn_at=LONG_AGO)


class AvailabilityExceptionFactory(factory.django.DjangoModelFactory):
    """The physician is away for the first hour."""

    class Meta:
        model = AvailabilityException

    physician = factory.SubFactory(PhysicianFactory)
    kind = "closed"
    starts_at = SLOT
    ends_at = SLOT + timedelta(hours=1)
    created_at = LONG_AGO

    class Params:
        extra = factory.Trait(
            kind="extra",
            slot_minutes=30,
            starts_at=SLOT + timedelta(hours=6),
            ends_at=SLOT + timedelta(hours=7),
        )
        withdrawn = factory.Trait(status="withdrawn", withdrawn_at=LONG_AGO)


class VisitFactory(factory.django.DjangoModelFactory):
    """A booked visit on Thursday at nine in Tokyo, patient and physician of one clinic."""

    class Meta:
        model = Visit

    patient = factory.SubFactory(PatientFactory)
    physician = factory.SubFactory(
        PhysicianFactory, clinic=factory.SelfAttribute("..patient.clinic")
    )
    status = "booked"
    starts_at = SLOT
    ends_at = factory.LazyAttribute(lambda visit: visit.starts_at + timedelta(minutes=30))
    room = factory.Sequence(lambda n: f"{n:032x}")
    created_at = NOW
    confirmed_at = NOW

    class Params:
        held = factory.Trait(
            status="held", confirmed_at=None, hold_expires_at=NOW + timedelta(minutes=10)
        )
        booked = factory.Trait(status="booked")
        cancelled = factory.Trait(
            status="cancelled", cancelled_at=NOW, cancel_reason="patient_request"
        )
        expired = factory.Trait(status="expired", confirmed_at=None)
        no_show = factory.Trait(status="no_show")
        in_progress = factory.Trait(
            status="in_progress",
            started_at=factory.SelfAttribute("starts_at"),
            session_id=factory.SelfAttribute("room"),
            mode="video",
            kind="first",
            history="pre_consultation",
        )
        completed = factory.Trait(
            status="completed",
            started_at=factory.SelfAttribute("starts_at"),
            ended_at=factory.LazyAttribute(lambda visit: visit.starts_at + timedelta(minutes=15)),
            session_id=factory.SelfAttribute("room"),
            mode="video",
            kind="first",
            history="pre_consultation",
            care_plan_agreed=True,
            privacy_confirmed=True,
            hospital_arranged=True,
            mood_asked=True,
            sexual_function_asked=True,
            in_person_first_done=False,
        )


class VisitNoteFactory(factory.django.DjangoModelFactory):
    """A note of a visit under way."""

    class Meta:
        model = VisitNote

    visit = factory.SubFactory(VisitFactory, in_progress=True)
    patient = factory.SelfAttribute("visit.patient")
    author = factory.SelfAttribute("visit.physician.user")
    kind = "note"
    text = "経過良好。"
    written_at = SLOT
