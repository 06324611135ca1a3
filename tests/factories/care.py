"""Who treats whom, and records that were opened by breaking the glass."""

from datetime import timedelta
from itertools import count
from typing import Any

import factory

from backend import clock
from backend.accounts.models import Patient, StaffMember
from backend.care.models import EmergencyAccess
from tests.factories.accounts import PatientFactory, PhysicianFactory
from tests.factories.booking import VisitFactory
from tests.factories.worklist import TaskFactory

_hours = count()
A_MONTH = timedelta(days=30)


def treats(physician: StaffMember, *patients: Patient) -> StaffMember:
    """The physician, who saw the patients a month ago: nobody is at two visits at once."""
    for patient in patients:
        ago = A_MONTH + timedelta(hours=next(_hours) % 2000)
        VisitFactory(
            patient=patient,
            physician=physician,
            completed=True,
            starts_at=clock.now(patient) - ago,
        )
    return physician


def physician_of(patient: Patient, **options: Any) -> StaffMember:
    """A physician of the patient's clinic who saw the patient a month ago."""
    return treats(PhysicianFactory(clinic=patient.clinic, **options), patient)


def at_work(member: StaffMember, *patients: Patient) -> StaffMember:
    """The member of staff; a physician is one who saw the patients."""
    return treats(member, *patients) if member.user.role == "physician" else member


class EmergencyAccessFactory(factory.django.DjangoModelFactory):
    """A physician of the clinic broke the glass a moment ago; nobody has looked at it yet."""

    class Meta:
        model = EmergencyAccess

    patient = factory.SubFactory(PatientFactory, on_clock=True)
    opened_by = factory.LazyAttribute(
        lambda access: PhysicianFactory(clinic=access.patient.clinic).user
    )
    reason = "covering_colleague"
    reason_text = "担当医が不在のため、患者からの電話に対応します。"
    granted_at = factory.LazyAttribute(lambda access: clock.now(access.patient))
    expires_at = factory.LazyAttribute(lambda access: access.granted_at + timedelta(hours=1))
    task = factory.SubFactory(
        TaskFactory,
        patient=factory.SelfAttribute("..patient"),
        kind="emergency_access_review",
        priority="urgent",
    )

    class Params:
        ended = factory.Trait(
            status="ended",
            ended_at=factory.LazyAttribute(lambda a: a.granted_at + timedelta(minutes=20)),
        )
