"""From the table to the channel: once, in time, with a trace."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from backend.audit.models import AuditEntry
from backend.kernel.actor import job
from backend.notifications.deliver import deliver_due
from backend.notifications.errors import LeaseLost
from backend.notifications.message import NotSent, Rejected
from backend.notifications.models import Attempt, Notification
from backend.notifications.services.claim_due import claim_due
from backend.notifications.services.finish import Outcome, finish
from backend.notifications.services.start_attempt import start_attempt
from backend.notifications.steps.cancel_notices import cancel_notices
from backend.notifications.steps.queue_notice import queue_notice
from backend.outbox.models import OutboxEvent
from tests.factories.accounts import PatientFactory
from tests.factories.notifications import NOON, NotificationFactory

pytestmark = pytest.mark.django_db
JOB = job("notifications")


class Outbox(list):
    """A channel that keeps what it is given, or raises what it is told to."""

    def __init__(self, *errors):
        self.errors = list(errors)

    def __call__(self, message):
        self.append(message)
        if self.errors:
            error = self.errors.pop(0)
            if error is not None:
                raise error
        return message.message_id


def deliver(send, *, at=NOON, **more):
    with time_machine.travel(at, tick=False):
        return deliver_due(send=send, by=JOB, **more)


def queue(patient, key="k", **more):
    with transaction.atomic():
        return queue_notice(
            **{"template": "check_in_opened", "patient": patient, "key": key, "by": JOB, "at": NOON}
            | more
        )


def claim(at=NOON, **more):
    return claim_due(by=JOB, at=at, **more)


def end(notice, outcome=Outcome.SENT, at=NOON):
    return finish(
        notification_id=notice.id,
        epoch=notice.epoch,
        outcome=outcome,
        provider_ref="<a@b>" if outcome is Outcome.SENT else None,
        wall_at=at,
        by=JOB,
        at=at,
    )


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


def test_a_worker_killed_during_the_call_leaves_a_trace_and_a_second_one_knows():
    notice = queue(PatientFactory(), template="please_read")
    (leased,) = claim()
    begun = start_attempt(
        notification_id=leased.id,
        epoch=leased.epoch,
        may_send=lambda _: True,
        wall_at=NOON,
        by=JOB,
        at=NOON,
    )
    sent = Outbox()

    deliver(sent, at=NOON + timedelta(seconds=61))

    notice.refresh_from_db()
    assert begun is not None
    assert Attempt.objects.get().message_id == begun.message_id
    assert (notice.status, len(sent)) == ("unknown", 0)


def test_a_lease_that_ran_out_is_taken_up_and_the_old_worker_is_refused():
    queue(PatientFactory())
    (old,) = claim()
    too_early = claim(at=NOON + timedelta(seconds=59))
    (new,) = claim(at=NOON + timedelta(seconds=60))

    with pytest.raises(LeaseLost):
        end(old)
    end(new)

    assert too_early == []
    assert Notification.objects.get().status == "sent"


def test_a_cancelled_notice_is_not_sent_and_its_worker_is_refused():
    patient = PatientFactory()
    queue(patient, "a", about_ref="chk_1")
    queue(patient, "b", about_ref="chk_2")
    held = claim()
    with transaction.atomic():
        cancelled = cancel_notices(about_refs=["chk_1"], by=JOB, at=NOON)

    (first,) = [notice for notice in held if notice.key == "a"]
    with pytest.raises(LeaseLost):
        end(first)
    sent = Outbox()
    deliver(sent, at=NOON + timedelta(minutes=2))

    assert cancelled == 1
    assert len(sent) == 1
    assert Notification.objects.get(key="a").status == "cancelled"


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


def test_a_patient_on_a_test_clock_is_judged_by_that_clock():
    ahead = NotificationFactory(
        patient__on_clock=True,
        patient__test_clock__frozen_at=NOON + timedelta(days=30),
        due_at=NOON + timedelta(days=30),
    )
    NotificationFactory(
        patient__on_clock=True,
        patient__test_clock__frozen_at=NOON - timedelta(seconds=1),
        due_at=NOON,
    )

    claimed = claim(at=NOON)

    assert [notice.id for notice in claimed] == [ahead.id]


def test_a_clock_that_is_advancing_is_left_to_whoever_advances_it():
    notice = NotificationFactory(
        patient__on_clock=True,
        patient__test_clock__frozen_at=NOON,
        patient__test_clock__status="advancing",
        patient__test_clock__target_at=NOON + timedelta(days=1),
    )
    NotificationFactory()

    mine = claim(test_clock_id=notice.patient.test_clock_id)
    others = claim()

    assert [row.id for row in mine] == [notice.id]
    assert notice.id not in [row.id for row in others]
    assert len(others) == 1


def test_the_clock_jumping_back_and_forth_sends_once():
    queue(PatientFactory())
    sent = Outbox()

    for minutes in (0, 60, -60, 60):
        deliver(sent, at=NOON + timedelta(minutes=minutes))

    assert len(sent) == 1
