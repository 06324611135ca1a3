"""Reading the pharmacy's things. Unknown role means none."""

from django.db.models import QuerySet

from backend.kernel.actor import Actor, Role
from backend.pharmacy.models import WebhookDelivery, WebhookEndpoint

_OVERSIGHT = {Role.CLINIC_ADMINISTRATOR, Role.AUDITOR}


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
