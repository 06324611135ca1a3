"""Owe the pharmacies concerned a message about an event."""

from datetime import datetime

from backend.audit.record import instant, record
from backend.db import service
from backend.kernel.actor import Actor
from backend.outbox.models import OutboxEvent
from backend.pharmacy.audience import endpoints_to_tell, prescription_of
from backend.pharmacy.models import WebhookDelivery
from backend.pharmacy.rules import WEBHOOK_DELIVERIES


@service
def queue_deliveries(*, event_id: int, by: Actor, at: datetime) -> int:
    """One delivery for each enabled endpoint that asked for the type. Returns how many are new.

    `event_id`: the outbox event. May run twice: a delivery is unique by endpoint and event.
    The message holds ids only; `sequence` is the event's number and grows.
    """
    event = OutboxEvent.objects.get(id=event_id)
    prescription = prescription_of(event)
    owed = [
        WebhookDelivery(
            endpoint=endpoint,
            patient=prescription.patient,
            source=f"outbox:{event.id}",
            type=kind,
            sequence=event.id,
            payload={
                "type": kind,
                "timestamp": instant(event.at),
                "data": {"prescription_id": prescription.ref, "sequence": event.id},
            },
            next_at=at,
            created_at=at,
        )
        for endpoint, kind in endpoints_to_tell(event, prescription)
    ]
    known = WebhookDelivery.objects.filter(source=f"outbox:{event.id}")
    before = set(known.values_list("endpoint_id", flat=True))
    WebhookDelivery.objects.bulk_create(owed, ignore_conflicts=True)
    new = [delivery for delivery in owed if delivery.endpoint_id not in before]
    for delivery in new:
        facts = {"type": delivery.type, "endpoint": delivery.endpoint.ref, "event": str(event.id)}
        record(WEBHOOK_DELIVERIES["queue"].action, on=delivery, by=by, at=at, facts=facts)
    return len(new)
