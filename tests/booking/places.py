"""The clinic in which the tests of booking take place: its time stands still."""

from dataclasses import dataclass
from typing import Any

from backend.accounts.models import Patient, StaffMember
from tests.callers import Caller
from tests.factories.accounts import ClinicFactory, PatientFactory, PhysicianFactory
from tests.factories.booking import NOW, SLOT, AvailabilityRuleFactory


@dataclass
class Place:
    """One clinic, one physician with Thursday mornings, one patient who lives at NOW."""

    patient: Patient
    physician: StaffMember

    def another_patient(self) -> Patient:
        """Somebody else who lives by the same test clock."""
        return PatientFactory(clinic=self.patient.clinic, test_clock=self.patient.test_clock)

    def hold(self, patient: Any = None, starts_at: Any = SLOT, **extra: Any) -> Any:
        """Hold over HTTP."""
        body = {"physician": self.physician.ref, "starts_at": starts_at.isoformat()}
        return Caller(patient or self.patient).post("/v1/visits", body, **extra)

    def move_to(self, at: Any) -> None:
        """Set the clock."""
        clock = self.patient.test_clock
        clock.frozen_at = at
        clock.save()


def a_place(at: Any = NOW) -> Place:
    """Set it up."""
    clinic = ClinicFactory()
    physician = PhysicianFactory(clinic=clinic)
    AvailabilityRuleFactory(physician=physician)
    patient = PatientFactory(clinic=clinic, on_clock=True, test_clock__frozen_at=at)
    return Place(patient, physician)
