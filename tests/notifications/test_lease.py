"""Who holds a notice, for how long, and by which clock."""

from datetime import timedelta

import pytest
from django.db import transaction

from backend.kernel.errors import LeaseLost
from backend.notifications.models import Attempt, Notification
from backend.notifications.services.claim_due import claim_due
from backend.notifications.services.finish import Outcome, finish
from backend.notifications.services.start_attempt import start_attempt
from backend.notifications.steps.cancel_notices import cancel_notices
from tests.factories.accounts import PatientFactory
from tests.factories.notifications import NOON, NotificationFactory
from tests.notifications.channel import JOB, Outbox, deliver, queue

pytestmark = pytest.mark.django_db


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
