"""Courses and prescriptions in states that they can really be in.

`ready_prescription` is the whole situation: a patient about whom everything is known that a first
prescription in Japan needs, at noon of 10 March 2026 in Tokyo, where her test clock stands.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from django.db import transaction

from backend.accounts.models import Patient
from backend.booking.models import Visit
from backend.prescriptions.models import Course, Decision, Prescription
from backend.prescriptions.models.prescription import SIGNED
from backend.prescriptions.steps.sign import sign_prescription
from tests.factories.accounts import PatientFactory, PharmacyFactory, PhysicianFactory
from tests.factories.booking import VisitFactory
from tests.factories.formulary import LotFactory, ProductFactory
from tests.factories.intake import make_consenting_patient
from tests.factories.records import ON_DOXYCYCLINE

NOW = datetime(2026, 3, 10, 3, tzinfo=UTC)  # Tuesday noon in Tokyo
TODAY = date(2026, 3, 10)


def _physician_of(patient: Patient) -> Any:
    return PhysicianFactory(clinic=patient.clinic).user


def _hour_before_all_visits_of(patient: Patient) -> datetime:
    """An hour before NOW and before any other visit: nobody is at two visits at once."""
    return NOW - timedelta(hours=1 + Visit.objects.filter(patient=patient).count())


class CourseFactory(factory.django.DjangoModelFactory):
    """A first course, planned."""

    class Meta:
        model = Course

    patient = factory.SubFactory(PatientFactory, on_clock=True)
    number = 1
    created_by = factory.LazyAttribute(lambda course: _physician_of(course.patient))
    created_at = NOW - timedelta(hours=1)

    class Params:
        running = factory.Trait(status="running", started_on=date(2026, 1, 6))
        halted = factory.Trait(
            status="halted",
            started_on=date(2026, 1, 6),
            halted_at=NOW - timedelta(days=1),
            halt_reason="R-01",
        )
        ended = factory.Trait(
            status="ended",
            started_on=date(2025, 3, 1),
            ended_on=date(2025, 9, 1),
            end_reason="completed",
        )
        cancelled = factory.Trait(status="cancelled")


class DecisionFactory(factory.django.DjangoModelFactory):
    """Clear, asked at an approval."""

    class Meta:
        model = Decision

    patient = factory.SubFactory(PatientFactory)
    moment = "approve"
    purpose = "prescribe"
    facts = factory.LazyFunction(dict)
    findings = factory.LazyFunction(list)
    decision = "clear"
    pack = "jp_house_2026"
    pack_version = "jp_house_2026@0000000000000000"
    asked_by = "physician:usr_test"
    asked_at = NOW


class PrescriptionFactory(factory.django.DjangoModelFactory):
    """A draft: 20 mg a day for 30 days, in-house, drafted after a completed video visit."""

    class Meta:
        model = Prescription
        skip_postgeneration_save = True

    course = factory.SubFactory(CourseFactory)
    patient = factory.SelfAttribute("course.patient")
    clinic = factory.SelfAttribute("patient.clinic")
    created_by = factory.SelfAttribute("course.created_by")
    created_at = NOW - timedelta(minutes=40)
    visit = factory.SubFactory(
        VisitFactory,
        completed=True,
        patient=factory.SelfAttribute("..patient"),
        physician=factory.SelfAttribute("..created_by.staff_member"),
        starts_at=factory.LazyAttribute(lambda visit: _hour_before_all_visits_of(visit.patient)),
    )
    product = factory.SubFactory(ProductFactory, clinic=factory.SelfAttribute("..clinic"))
    lot = factory.SubFactory(LotFactory, product=factory.SelfAttribute("..product"))
    daily_mg = 20
    days = 30
    doses_per_day = 1
    capsules = factory.LazyAttribute(lambda o: o.daily_mg * o.days // o.product.strength_mg)
    route = "in_house"

    class Params:
        submitted = factory.Trait(submitted_at=NOW - timedelta(minutes=30))
        decided = factory.Trait(
            submitted=True,
            decided_by=factory.LazyAttribute(lambda o: _physician_of(o.patient)),
            decided_at=NOW - timedelta(minutes=20),
        )
        issued = factory.Trait(decided=True, issued_on=TODAY, valid_until=date(2026, 3, 15))
        held = factory.Trait(
            issued=True,
            claimed_by=factory.SubFactory(
                PharmacyFactory, clinic=factory.SelfAttribute("..clinic")
            ),
            claim_lapses_at=NOW + timedelta(hours=24),
        )
        draft = factory.Trait(status="draft")
        in_review = factory.Trait(submitted=True, status="in_review")
        returned = factory.Trait(
            submitted=True, status="returned", return_reason="dose", return_note="20 mg, please."
        )
        declined = factory.Trait(
            decided=True,
            status="declined",
            decline_reason="interaction",
            decline_text_ja="現在のお薬と一緒には処方できません。",
            decline_text_en="Not beside the medicine that you take now.",
        )
        cancelled = factory.Trait(status="cancelled")
        approved = factory.Trait(issued=True, status="approved")
        claimed = factory.Trait(held=True, status="claimed")
        partially_dispensed = factory.Trait(
            held=True, status="partially_dispensed", dispensed_capsules=10
        )
        dispensed = factory.Trait(
            held=True, status="dispensed", dispensed_capsules=factory.SelfAttribute("capsules")
        )
        rejected = factory.Trait(held=True, status="rejected", reject_reason="out_of_stock")
        expired = factory.Trait(issued=True, status="expired")
        voided = factory.Trait(
            issued=True, status="voided", void_reason="clinical_change", voided_at=NOW
        )

    @factory.post_generation
    def signed(self: Any, create: bool, _extracted: Any, **_: Any) -> None:
        """What was approved carries a real signature, as in life."""
        if create and (self.status in SIGNED or self.issued_on is not None):
            decision = DecisionFactory(patient=self.patient, course=self.course, prescription=self)
            with transaction.atomic():
                sign_prescription(
                    self,
                    decision=decision,
                    prescriber=self.decided_by.staff_member,
                    at=self.decided_at,
                )


def ready_patient(**overrides: Any) -> Patient:
    """A woman of 24 with everything known and every consent signed that a start needs at NOW."""
    return make_consenting_patient(at=NOW, on_clock=True, **overrides)


def patient_on_doxycycline(**overrides: Any) -> Patient:
    """The same, who still takes doxycycline (C-11)."""
    return ready_patient(said=ON_DOXYCYCLINE, **overrides)


def ready_prescription(patient: Patient | None = None, **overrides: Any) -> Prescription:
    """A prescription in review that the rules clear."""
    course = overrides.pop("course", None) or CourseFactory(patient=patient or ready_patient())
    traits = {"in_review": True} if "status" not in overrides else {}
    return PrescriptionFactory(course=course, **{**traits, **overrides})
