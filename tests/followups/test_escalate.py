"""What nobody did in time, and what did not get through."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.followups.services.escalate_overdue import escalate_overdue
from backend.followups.services.review_notice import review_notice
from backend.kernel.actor import job
from backend.outbox.models import OutboxEvent
from backend.worklist.models import Task
from tests.factories.notifications import NotificationFactory
from tests.factories.worklist import TaskFactory

pytestmark = pytest.mark.django_db
JOB = job("followups")
DUE_AT = datetime(2026, 3, 10, 5, tzinfo=UTC)


def escalate(at):
    return escalate_overdue(by=JOB, at=at)


def test_an_urgent_task_that_is_overdue_is_announced_once():
    task = TaskFactory(urgent=True)

    on_time = escalate(DUE_AT)
    late = escalate(DUE_AT + timedelta(seconds=1))
    again = escalate(DUE_AT + timedelta(hours=1))

    assert ([], [task], []) == (on_time, late, again)
    event = OutboxEvent.objects.get(type="followups.urgent_task.overdue")
    assert event.payload == {
        "task_id": task.ref,
        "patient_id": task.patient.ref,
        "kind": "adverse_event",
    }


def test_normal_and_done_tasks_are_not_announced():
    TaskFactory(due_at=DUE_AT)
    TaskFactory(urgent=True, done=True)

    assert escalate(DUE_AT + timedelta(days=9)) == []


def test_a_patient_on_a_test_clock_is_judged_by_that_clock():
    clock = {"patient__on_clock": True, "patient__test_clock__frozen_at": DUE_AT}
    TaskFactory(urgent=True, **clock)
    late = TaskFactory(urgent=True, due_at=DUE_AT - timedelta(seconds=1), **clock)

    assert escalate(DUE_AT + timedelta(days=9)) == [late]


def test_a_notice_that_did_not_get_through_becomes_one_task():
    notice = NotificationFactory(status="unknown")

    first = review_notice(notification_id=notice.id, by=JOB, at=DUE_AT)
    again = review_notice(notification_id=notice.id, by=JOB, at=DUE_AT)

    assert first.id == again.id
    task = Task.objects.get()
    assert (task.kind, task.about_ref) == ("delivery_failed", notice.ref)
