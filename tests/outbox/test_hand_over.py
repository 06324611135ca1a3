"""The outbox: written with its cause, handed over at least once."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from backend.kernel.actor import job
from backend.outbox.emit import emit
from backend.outbox.hand_over import hand_over
from backend.outbox.models import OutboxEvent

AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
RELAY = job("relay")


def announce(number: int) -> None:
    with transaction.atomic():
        emit("booking.visit.confirmed", at=AT, payload={"visit_id": f"vis_{number}"})


@pytest.mark.django_db
def test_waiting_events_are_handed_over_in_order_and_once():
    for number in range(3):
        announce(number)
    sent: list[OutboxEvent] = []

    first = hand_over(send=sent.append, by=RELAY, at=AT)
    second = hand_over(send=sent.append, by=RELAY, at=AT)

    assert (first, second) == (3, 0)
    assert [event.payload["visit_id"] for event in sent] == ["vis_0", "vis_1", "vis_2"]


@pytest.mark.django_db
def test_if_the_broker_is_away_nothing_is_marked_and_all_is_sent_again():
    announce(1)

    def broken(event: OutboxEvent) -> None:
        raise ConnectionError("no broker")

    with pytest.raises(ConnectionError):
        hand_over(send=broken, by=RELAY, at=AT)

    assert OutboxEvent.objects.filter(handed_over_at=None).count() == 1
    assert hand_over(send=lambda event: None, by=RELAY, at=AT) == 1


@pytest.mark.django_db
def test_an_event_whose_cause_is_rolled_back_was_never_there():
    with pytest.raises(ValueError, match="changed my mind"), transaction.atomic():
        emit("booking.visit.confirmed", at=AT, payload={})
        raise ValueError("changed my mind")

    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_announced_outside_a_transaction():
    with pytest.raises(RuntimeError, match="inside a service"):
        emit("booking.visit.confirmed", at=AT, payload={})

    assert not OutboxEvent.objects.exists()
