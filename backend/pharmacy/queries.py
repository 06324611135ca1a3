"""Reading the pharmacy's things. Unknown role means none."""

from django.db.models import Q, QuerySet

from backend.accounts.models import Pharmacy
from backend.kernel.actor import Actor, Role
from backend.pharmacy.models import Dispense, WebhookDelivery, WebhookEndpoint
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import route_of
from backend.prescriptions.rules import ISSUED, PrescriptionStatus

_OVERSIGHT = {Role.CLINIC_ADMINISTRATOR, Role.AUDITOR}
_CLINICAL = {Role.PHYSICIAN, Role.CLINIC_STAFF, Role.AUDITOR}
_ONCE_ISSUED = [
    *ISSUED,
    PrescriptionStatus.DISPENSED,
    PrescriptionStatus.VOIDED,
    PrescriptionStatus.EXPIRED,
    PrescriptionStatus.REJECTED,
]


def prescriptions_at_counter(actor: Actor) -> QuerySet[Prescription]:
    """What a pharmacy may ask to claim: issued ones that its kind serves, whoever has them now.

    Wider than its list: a claim that comes second or too late is told so (409, 410). What was
    voided before it was issued was never on offer.
    """
    if actor.role is not Role.PHARMACY_CLIENT or actor.pharmacy_id is None:
        return Prescription.objects.none()
    pharmacy = Pharmacy.objects.get(id=actor.pharmacy_id)
    offered = Q(
        clinic_id=pharmacy.clinic_id,
        route=route_of(pharmacy).value,
        status__in=_ONCE_ISSUED,
        issued_on__isnull=False,
    )
    rows = Prescription.objects.select_related("patient__test_clock", "product", "lot")
    return rows.filter(offered | Q(claimed_by=pharmacy))


def dispenses_with_returns() -> QuerySet[Dispense]:
    """Hand-overs with everything that an answer about them shows."""
    rows = Dispense.objects.select_related("patient__test_clock", "prescription__product", "lot")
    return rows.prefetch_related("returns")


def dispenses_visible_to(actor: Actor) -> QuerySet[Dispense]:
    """A patient's own, a pharmacy's own, or those of the clinic's patients; else none."""
    rows = dispenses_with_returns()
    if actor.role is Role.PATIENT and actor.patient_id is not None:
        return rows.filter(patient_id=actor.patient_id)
    if actor.role is Role.PHARMACY_CLIENT and actor.pharmacy_id is not None:
        return rows.filter(pharmacy_id=actor.pharmacy_id)
    if actor.role in _CLINICAL and actor.clinic_id is not None:
        return rows.filter(patient__clinic_id=actor.clinic_id)
    return rows.none()


def webhook_endpoints_visible_to(actor: Actor) -> QuerySet[WebhookEndpoint]:
    """A pharmacy's own; for administrators and auditors those of the clinic's pharmacies."""
    rows = WebhookEndpoint.objects.select_related("pharmacy")
    if actor.role is Role.PHARMACY_CLIENT and actor.pharmacy_id is not None:
        return rows.filter(pharmacy_id=actor.pharmacy_id)
    if actor.role in _OVERSIGHT and actor.clinic_id is not None:
        return rows.filter(pharmacy__clinic_id=actor.clinic_id)
    return rows.none()


def webhook_deliveries_visible_to(actor: Actor) -> QuerySet[WebhookDelivery]:
    """The deliveries of the endpoints that the actor may see."""
    rows = WebhookDelivery.objects.select_related("endpoint__pharmacy", "patient")
    return rows.filter(endpoint__in=webhook_endpoints_visible_to(actor))
