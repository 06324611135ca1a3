"""Who may see which people, organisations and clocks. Anything not said here is no."""

from typing import TypeVar
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Model, QuerySet

from backend.accounts.models import (
    ApiClient,
    Clinic,
    Patient,
    Pharmacy,
    StaffMember,
    TestClock,
    User,
)
from backend.kernel.actor import Actor, Role

CLINICAL = {Role.PHYSICIAN, Role.CLINIC_STAFF, Role.AUDITOR}
ORGANISING = {Role.CLINIC_ADMINISTRATOR, Role.AUDITOR}
AT_CLINIC = CLINICAL | ORGANISING
AnyModel = TypeVar("AnyModel", bound=Model)


def _only(rows: QuerySet[AnyModel], **ids: UUID | None) -> QuerySet[AnyModel]:
    """The rows with these ids; none at all where the actor has no such id."""
    return rows.filter(**ids) if all(ids.values()) else rows.none()


def clinic_of(actor: Actor) -> Clinic:
    """The clinic for which somebody acts."""
    return _only(Clinic.objects.all(), id=actor.clinic_id).get()


def user_of(actor: Actor) -> User:
    """The account of the person who acts."""
    return _only(User.objects.all(), id=actor.user_id).get()


def clinics_visible_to(actor: Actor) -> QuerySet[Clinic]:
    """Every clinic for people (a newcomer chooses one); its own for a pharmacy client."""
    if actor.role is Role.PHARMACY_CLIENT:
        return _only(Clinic.objects.all(), id=actor.clinic_id)
    return Clinic.objects.all()


def patients_visible_to(actor: Actor) -> QuerySet[Patient]:
    """The patient's own row; the clinic's patients for those who treat or audit. No erased ones."""
    rows = Patient.objects.select_related("clinic", "test_clock", "user").filter(erased_at=None)
    if actor.role is Role.PATIENT:
        return _only(rows, id=actor.patient_id)
    if actor.role in CLINICAL:
        return _only(rows, clinic_id=actor.clinic_id)
    return rows.none()


def physicians_visible_to(actor: Actor) -> QuerySet[StaffMember]:
    """The clinic's physicians at work, for its people and its patients (feature 30, J-11)."""
    rows = StaffMember.objects.select_related("clinic", "user").filter(
        user__role=Role.PHYSICIAN.value, deactivated_at=None
    )
    if actor.role is Role.PATIENT or actor.role in AT_CLINIC:
        return _only(rows, clinic_id=actor.clinic_id)
    return rows.none()


def staff_visible_to(actor: Actor) -> QuerySet[StaffMember]:
    """The clinic's staff, those who left included, for administrator and auditor."""
    rows = StaffMember.objects.select_related("clinic", "user")
    return _only(rows, clinic_id=actor.clinic_id) if actor.role in ORGANISING else rows.none()


def pharmacies_visible_to(actor: Actor) -> QuerySet[Pharmacy]:
    """The clinic's pharmacies; its own for a pharmacy client."""
    rows = Pharmacy.objects.select_related("clinic")
    if actor.role is Role.PHARMACY_CLIENT:
        return _only(rows, id=actor.pharmacy_id)
    return _only(rows, clinic_id=actor.clinic_id) if actor.role in AT_CLINIC else rows.none()


def api_clients_visible_to(actor: Actor) -> QuerySet[ApiClient]:
    """The clients of the clinic's pharmacies, for administrator and auditor."""
    rows = ApiClient.objects.select_related("pharmacy")
    if actor.role in ORGANISING:
        return _only(rows, pharmacy__clinic_id=actor.clinic_id)
    return rows.none()


def clocks_visible_to(actor: Actor) -> QuerySet[TestClock]:
    """The clinic's test clocks for all who work there; a patient's own."""
    rows = TestClock.objects.all()
    if actor.role is Role.PATIENT:
        own = _only(Patient.objects.all(), id=actor.patient_id)
        return rows.filter(id__in=own.values("test_clock_id"))
    if actor.role in AT_CLINIC:
        return _only(rows, clinic_id=actor.clinic_id)
    return rows.none()


def clocks_of_clinic(clinic: Clinic) -> QuerySet[TestClock]:
    """The test clocks that a patient who registers at this clinic may be attached to."""
    return TestClock.objects.filter(clinic=clinic)


def has_second_factor(user_id: UUID) -> bool:
    """Whether the user set up an authenticator app or a passkey."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user_id=user_id, type__in=kinds).exists())
