"""Whom an event concerns: which endpoints are told, and what."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from backend.accounts.models import Pharmacy
from backend.kernel.ids import NotAnId, parse_id
from backend.outbox.models import OutboxEvent
from backend.pharmacy.models import WebhookEndpoint
from backend.pharmacy.rules import EndpointStatus
from backend.pharmacy.webhook_types import (
    FROM_EVENT,
    PRESCRIPTION_EXPIRED,
    PRESCRIPTION_RELEASED,
    PRESCRIPTION_VOIDED,
)
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import route_of
from backend.prescriptions.rules import ISSUED, PrescriptionStatus


def prescription_of(event: OutboxEvent) -> Prescription:
    """The prescription that an event names."""
    rows = Prescription.objects.select_related("patient", "claimed_by")
    return rows.get(id=parse_id(Prescription.PREFIX, event.payload["prescription_id"]))


def endpoints_to_tell(
    event: OutboxEvent, prescription: Prescription
) -> Iterator[tuple[WebhookEndpoint, str]]:
    """The enabled endpoints that an event concerns, each with the type of its message.

    The holder is the pharmacy that the event names, or that has the prescription. The others
    are those that could claim it; while somebody holds it they are not told of its end.
    """
    telling = FROM_EVENT[event.type]
    holder_id = _holder_of(event, prescription)
    for endpoint in _endpoints_near(prescription, holder_id):
        is_holder = endpoint.pharmacy_id == holder_id
        kind = telling.holder if is_holder else telling.others
        stale = not is_holder and _is_stale(kind, event, prescription, holder_id)
        if kind in endpoint.events and not stale:
            yield endpoint, kind


def _holder_of(event: OutboxEvent, prescription: Prescription) -> UUID | None:
    try:
        return parse_id(Pharmacy.PREFIX, event.payload.get("pharmacy_id", ""))
    except NotAnId:
        return prescription.claimed_by_id


def _endpoints_near(prescription: Prescription, holder_id: UUID | None) -> list[WebhookEndpoint]:
    of_clinic = Q(pharmacy__clinic_id=prescription.clinic_id, pharmacy__deactivated_at=None)
    rows = WebhookEndpoint.objects.select_related("pharmacy").filter(
        of_clinic | Q(pharmacy_id=holder_id), status=EndpointStatus.ENABLED
    )
    return [
        endpoint
        for endpoint in rows.order_by("id")
        if endpoint.pharmacy_id == holder_id
        or route_of(endpoint.pharmacy).value == prescription.route
    ]


def _is_stale(
    kind: str, event: OutboxEvent, prescription: Prescription, holder_id: UUID | None
) -> bool:
    """Whether the news is none (any more) for pharmacies that do not hold the prescription."""
    if kind == PRESCRIPTION_RELEASED:
        return prescription.status != PrescriptionStatus.APPROVED
    if kind in {PRESCRIPTION_VOIDED, PRESCRIPTION_EXPIRED}:
        return holder_id is not None or event.payload.get("was") not in ISSUED
    return False
