"""Several workers at once."""

from datetime import timedelta
from threading import Event

import pytest
import time_machine
from django.db import transaction

from backend.kernel.actor import job
from backend.notifications.deliver import deliver_due
from backend.notifications.models import Attempt, Notification
from backend.notifications.steps.cancel_notices import cancel_notices
from tests.at_once import at_once
from tests.factories.accounts import PatientFactory
from tests.factories.notifications import NOON, NotificationFactory

pytestmark = pytest.mark.django_db(transaction=True)
JOB = job("notifications")


def test_four_workers_send_each_of_a_hundred_notices_once():
    patient = PatientFactory()
    NotificationFactory.create_batch(100, patient=patient)
    sent = []

    def work():
        deliver_due(send=lambda m: sent.append(m.message_id) or m.message_id, by=JOB)

    with time_machine.travel(NOON, tick=True):
        at_once(*[work] * 4)

    assert len(sent) == len(set(sent)) == 100
    assert Notification.objects.filter(status="sent").count() == Attempt.objects.count() == 100


def test_after_a_cancellation_has_committed_no_attempt_begins():
    notices = NotificationFactory.create_batch(30, about_ref="chk_1", patient=PatientFactory())
    cancelled = Event()
    calls_after = []

    def send(message):
        if cancelled.is_set():
            calls_after.append(message.message_id)
        return message.message_id

    def work():
        deliver_due(send=send, by=JOB)

    def stop():
        with transaction.atomic():
            cancel_notices(about_refs=["chk_1"], by=JOB, at=NOON)
        begun = Attempt.objects.count()
        cancelled.set()
        return begun

    with time_machine.travel(NOON + timedelta(seconds=1), tick=True):
        _, begun_before = at_once(work, stop)

    assert Attempt.objects.count() == begun_before
    assert len(calls_after) <= 1  # the one that was in flight
    ended = Notification.objects.filter(status__in=["sent", "cancelled"]).count()
    assert ended == len(notices)
