"""From the table to the channel: once, in time, with a trace."""

from datetime import timedelta

import pytest

from backend.audit.models import AuditEntry
from backend.notifications.message import NotSent, Rejected
from backend.notifications.models import Attempt
from backend.outbox.models import OutboxEvent
from tests.factories.accounts import PatientFactory
from tests.factories.notifications import NOON, NotificationFactory
from tests.notifications.channel import Outbox, deliver, queue

pytestmark = pytest.mark.django_db


def test_a_queued_notice_goes_out_once_and_leaves_its_evidence():
    notice = queue(PatientFactory())
    sent = Outbox()

    deliver(sent)
    deliver(sent)

    notice.refresh_from_db()
    (message,) = sent
    assert message.to == notice.patient.user.email
    assert (message.subject, message.language) == ("ご確認のお願い", "ja")
    assert "http://127.0.0.1:8000/" in message.body
    assert (notice.status, notice.attempts, notice.provider_ref) == ("sent", 1, message.message_id)
    assert notice.sent_at == NOON
    assert AuditEntry.objects.filter(action="notification.send").count() == 1


def test_the_same_key_queues_one_notice():
    patient = PatientFactory()

    first, second = queue(patient, "same"), queue(patient, "same")

    assert first.id == second.id
    assert AuditEntry.objects.filter(action="notification.queue").count() == 1


def test_a_notice_queued_at_night_waits_for_the_morning():
    notice = queue(PatientFactory(), at=NOON + timedelta(hours=11))  # 23:00 in Tokyo

    assert notice.due_at == NOON + timedelta(hours=20)  # 08:00


def test_a_worker_that_comes_back_at_night_waits_for_the_morning():
    notice = NotificationFactory()
    sent = Outbox()

    deliver(sent, at=NOON + timedelta(hours=11))
    at_night = len(sent)
    deliver(sent, at=NOON + timedelta(hours=20))

    assert (at_night, len(sent)) == (0, 1)
    notice.refresh_from_db()
    assert notice.sent_at == NOON + timedelta(hours=20)


def test_an_english_speaker_reads_english():
    queue(PatientFactory(language="en"))
    sent = Outbox()

    deliver(sent)

    assert sent[0].subject == "Please check in"


def test_a_message_that_certainly_did_not_go_out_is_tried_again_later():
    notice = queue(PatientFactory())
    sent = Outbox(NotSent("down"))

    deliver(sent)
    deliver(sent, at=NOON + timedelta(seconds=59))
    before_the_pause = len(sent)
    deliver(sent, at=NOON + timedelta(seconds=60))

    notice.refresh_from_db()
    assert (before_the_pause, len(sent), notice.status, notice.attempts) == (1, 2, "sent", 2)


def test_after_five_attempts_it_has_failed_and_somebody_is_told():
    notice = queue(PatientFactory())
    sent = Outbox(*[NotSent("down")] * 9)

    for hour in range(8):
        deliver(sent, at=NOON + timedelta(hours=hour))

    notice.refresh_from_db()
    assert (notice.status, notice.attempts, len(sent)) == ("failed", 5, 5)
    event = OutboxEvent.objects.get(type="notifications.notification.undelivered")
    assert event.payload["status"] == "failed"


def test_a_rejected_message_is_not_tried_again():
    notice = queue(PatientFactory())

    deliver(Outbox(Rejected("550")))

    notice.refresh_from_db()
    assert notice.status == "failed"


def test_a_reminder_whose_fate_is_unknown_goes_out_again_under_the_same_message_id():
    queue(PatientFactory(), template="check_in_opened")
    sent = Outbox(TimeoutError())

    deliver(sent)
    deliver(sent, at=NOON + timedelta(minutes=1))

    assert len(sent) == 2
    assert sent[0].message_id == sent[1].message_id


def test_other_notices_whose_fate_is_unknown_are_left_to_a_person():
    notice = queue(PatientFactory(), template="please_read")
    sent = Outbox(TimeoutError())

    deliver(sent)
    deliver(sent, at=NOON + timedelta(minutes=5))

    notice.refresh_from_db()
    assert (notice.status, len(sent)) == ("unknown", 1)
    event = OutboxEvent.objects.get(type="notifications.notification.undelivered")
    assert event.payload["status"] == "unknown"


def test_what_may_not_be_sent_at_the_last_moment_is_cancelled():
    notice = queue(PatientFactory())
    sent = Outbox()

    deliver(sent, may_send=lambda _: False)

    notice.refresh_from_db()
    assert (notice.status, len(sent), Attempt.objects.count()) == ("cancelled", 0, 0)


def test_a_notice_that_makes_no_sense_any_more_is_cancelled():
    kept = NotificationFactory(template="visit_soon")
    late = NotificationFactory(template="visit_soon", due_at=NOON - timedelta(hours=24, seconds=1))
    sent = Outbox()

    deliver(sent)

    assert len(sent) == 1
    kept.refresh_from_db()
    late.refresh_from_db()
    assert (kept.status, late.status) == ("sent", "cancelled")
