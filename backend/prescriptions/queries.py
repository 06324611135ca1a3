"""Reads: who sees which courses and prescriptions."""

from django.db.models import Q, QuerySet

from backend.accounts.models import Pharmacy
from backend.kernel.actor import Actor, Role
from backend.prescriptions.models import Course, Prescription
from backend.prescriptions.rules import CLINICAL, PrescriptionStatus, Route


def courses_visible_to(actor: Actor) -> QuerySet[Course]:
    """A patient's own courses, or those of the clinic's patients; else none."""
    rows = Course.objects.select_related("patient__test_clock")
    if actor.role is Role.PATIENT:
        return rows.filter(patient_id=actor.patient_id)
    if actor.role in CLINICAL and actor.clinic_id is not None:
        return rows.filter(patient__clinic_id=actor.clinic_id)
    return rows.none()


def prescriptions_visible_to(actor: Actor) -> QuerySet[Prescription]:
    """What this actor may know to exist.

    A patient: own ones, but no drafts. Physicians, staff and auditors: those of the clinic. A
    pharmacy: approved ones of its clinic that its kind may dispense, and those it claimed
    itself, whatever became of them. Anybody else: none.
    """
    rows = Prescription.objects.select_related("patient__test_clock", "product", "lot")
    if actor.role is Role.PATIENT:
        return rows.filter(patient_id=actor.patient_id).exclude(status=PrescriptionStatus.DRAFT)
    if actor.role is Role.PHARMACY_CLIENT and actor.clinic_id is not None:
        return rows.filter(_dispensable_by(actor))
    if actor.role in CLINICAL and actor.clinic_id is not None:
        return rows.filter(clinic_id=actor.clinic_id)
    return rows.none()


def _dispensable_by(actor: Actor) -> Q:
    pharmacy = Pharmacy.objects.get(id=actor.pharmacy_id)
    waiting = Q(
        clinic_id=pharmacy.clinic_id,
        status=PrescriptionStatus.APPROVED,
        route=route_of(pharmacy).value,
    )
    return waiting | Q(claimed_by=pharmacy)


def route_of(pharmacy: Pharmacy) -> Route:
    """The route that a pharmacy of this kind serves: the clinic's dispensary, or the others."""
    return Route.IN_HOUSE if pharmacy.kind == "clinic_dispensary" else Route.PHARMACY
