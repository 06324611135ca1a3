"""Delivering: once claimed, always settled; tried for three days; never by two at once."""

import threading
from datetime import timedelta

import pytest

from backend import clock
from backend.audit.models import AuditEntry
from backend.kernel.actor import job
from backend.outbox.models import OutboxEvent
from backend.pharmacy.deliver import deliver_due
from backend.pharmacy.models import WebhookAttempt, WebhookDelivery
from backend.pharmacy.post import Answer
from backend.pharmacy.rules import MAX_TRIES, wait_before_next
from backend.pharmacy.services.claim_deliveries import claim_deliveries
from backend.pharmacy.services.finish_delivery import finish_delivery
from tests.at_once import at_once
from tests.factories.pharmacy import (
    NOW,
    OLD_SECRET,
    SECRET,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
)
from tests.fakes.pharmacy import PharmacyReceiver

pytestmark = pytest.mark.django_db
JOB = job("webhooks")


def answers(*statuses: int):
    """A sender that gives these answers in turn, then the last one for ever."""
    left = list(statuses)
    return lambda _: Answer(left.pop(0) if len(left) > 1 else left[0])


def test_a_due_message_arrives_once_and_is_settled(settings):
    settings.SANDBOX = True
    with PharmacyReceiver() as pharmacy:
        pharmacy.trust(SECRET)
        delivery = WebhookDeliveryFactory(endpoint__url=pharmacy.url)

        tried = deliver_due(by=JOB, at=clock.now())
        again = deliver_due(by=JOB, at=clock.now())

    delivery.refresh_from_db()
    assert (tried, again) == (1, 0)
    assert (delivery.status, delivery.last_http_status, delivery.attempts) == ("delivered", 204, 1)
    (message,) = pharmacy.ledger.accepted
    assert message.id == delivery.ref
    assert message.data["sequence"] == delivery.sequence
    log = [(line.epoch, line.phase, line.http_status) for line in delivery.log.all()]
    assert log == [(1, "began", None), (1, "ended", 204)]
    claimed, finished = AuditEntry.objects.order_by("id")
    assert (claimed.action, claimed.facts["attempt"]) == ("webhook_delivery.claim", "1")
    assert finished.facts["status"] == "delivered"


def test_what_is_not_due_yet_waits():
    WebhookDeliveryFactory(next_at=NOW)

    early = deliver_due(by=JOB, at=NOW - timedelta(minutes=1), send=answers(200))

    assert early == 0
    assert deliver_due(by=JOB, at=NOW, send=answers(200)) == 1


def test_ten_tries_over_three_days_then_a_dead_letter_that_is_announced():
    delivery, at = WebhookDeliveryFactory(), NOW
    for _ in range(MAX_TRIES):
        delivery.refresh_from_db()
        at = delivery.next_at
        assert deliver_due(by=JOB, at=at, send=answers(500)) == 1

    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.last_http_status) == ("dead", 10, 500)
    assert timedelta(hours=71) < at - NOW < timedelta(hours=76)
    assert OutboxEvent.objects.get().type == "pharmacy.webhook_delivery.given_up"
    assert deliver_due(by=JOB, at=at + timedelta(days=30), send=answers(200)) == 0


def test_a_receiver_that_comes_back_after_three_days_gets_its_message():
    delivery = WebhookDeliveryFactory()
    for _ in range(MAX_TRIES - 1):
        delivery.refresh_from_db()
        deliver_due(by=JOB, at=delivery.next_at, send=answers(503))

    delivery.refresh_from_db()
    deliver_due(by=JOB, at=delivery.next_at, send=answers(200))

    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == ("delivered", 10)


def test_the_waits_sum_to_the_three_days_of_the_specification():
    for key in ("a", "b", "c"):
        waits = [wait_before_next(tries, key=key) for tries in range(1, MAX_TRIES)]
        assert timedelta(hours=71.8) < sum(waits, timedelta()) <= timedelta(hours=75.6)
        assert sorted(waits) == waits
    assert wait_before_next(MAX_TRIES, key="a") is None


def test_a_redirect_is_a_failure():
    delivery = WebhookDeliveryFactory()

    deliver_due(by=JOB, at=NOW, send=answers(302))

    delivery.refresh_from_db()
    assert delivery.status == "failed"


def test_410_disables_the_endpoint_and_gives_up_what_it_is_owed():
    endpoint = WebhookEndpointFactory()
    gone = WebhookDeliveryFactory(endpoint=endpoint)
    later = WebhookDeliveryFactory(endpoint=endpoint, next_at=NOW + timedelta(hours=1))

    deliver_due(by=JOB, at=NOW, send=answers(410))

    for row in (endpoint, gone, later):
        row.refresh_from_db()
    assert (endpoint.status, endpoint.disabled_reason) == ("disabled", "gone")
    assert (gone.status, later.status) == ("dead", "dead")


def test_during_a_rotation_both_secrets_sign_and_after_it_only_the_new_one():
    WebhookDeliveryFactory(endpoint__rotated=True)

    (during,) = claim_deliveries(by=JOB, at=NOW + timedelta(hours=24, seconds=-1))
    (after,) = claim_deliveries(by=JOB, at=NOW + timedelta(hours=25))

    assert during.secrets == (SECRET, OLD_SECRET)
    assert after.secrets == (SECRET,)


def test_a_lease_that_lapsed_is_taken_over_and_the_late_sender_no_longer_counts():
    delivery = WebhookDeliveryFactory()
    (first,) = claim_deliveries(by=JOB, at=NOW)
    assert claim_deliveries(by=JOB, at=NOW + timedelta(seconds=59)) == []
    (second,) = claim_deliveries(by=JOB, at=NOW + timedelta(seconds=60))

    late = finish_delivery(
        delivery_id=delivery.id, epoch=first.epoch, answer=Answer(500), by=JOB, at=NOW
    )
    counted = finish_delivery(
        delivery_id=delivery.id, epoch=second.epoch, answer=Answer(204), by=JOB, at=NOW
    )

    delivery.refresh_from_db()
    assert (late, counted) == (False, True)
    assert (delivery.status, delivery.epoch, delivery.last_http_status) == ("delivered", 2, 204)
    assert WebhookAttempt.objects.count() == 4


def test_a_message_whose_sender_always_dies_is_given_up_after_ten_tries():
    delivery, at = WebhookDeliveryFactory(), NOW
    for _ in range(MAX_TRIES):
        assert len(claim_deliveries(by=JOB, at=at)) == 1
        at += timedelta(seconds=60)

    assert claim_deliveries(by=JOB, at=at) == []
    delivery.refresh_from_db()
    assert (delivery.status, delivery.last_error) == ("dead", "sender_died")


@pytest.mark.django_db(transaction=True)
def test_senders_side_by_side_share_the_work_and_send_nothing_twice():
    WebhookDeliveryFactory.create_batch(40, endpoint=WebhookEndpointFactory())
    sent, lock = [], threading.Lock()

    def send(outgoing):
        with lock:
            sent.append(outgoing.message_id)
        return Answer(200)

    at_once(*[lambda: deliver_due(by=JOB, at=NOW, send=send)] * 4)

    assert len(sent) == len(set(sent)) == 40
    assert WebhookDelivery.objects.filter(status="delivered").count() == 40


def test_one_receiver_that_fails_does_not_hold_up_another():
    bad, good = WebhookDeliveryFactory(), WebhookDeliveryFactory()

    deliver_due(
        by=JOB,
        at=NOW,
        send=lambda out: Answer(None, "timeout") if out.message_id == bad.ref else Answer(200),
    )

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.status, bad.last_error, good.status) == ("failed", "timeout", "delivered")
