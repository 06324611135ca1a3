from datetime import timedelta

import pytest
from django.db import IntegrityError

from backend.worklist.models import Task
from tests.factories.accounts import UserFactory
from tests.factories.worklist import OPENED, TaskFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"status": "lost"}, "task_status_known"),
        ({"priority": "soon"}, "task_priority_known"),
        ({"outcome": "shrug"}, "task_outcome_known"),
        ({"done_at": None}, "task_done_by_and_at_together"),
        ({"done_by": None}, "task_done_by_and_at_together"),
        ({"status": "open"}, "task_done_says_when"),
        ({"contacted_at": None}, "task_urgent_done_after_contact"),
        ({"contacted_at": OPENED + timedelta(days=9)}, "task_contacted_before_done"),
    ],
)
def test_postgresql_refuses_a_done_task_that_does_not_say_all(change, constraint):
    task = TaskFactory(urgent=True, done=True)

    with pytest.raises(IntegrityError, match=constraint):
        Task.objects.filter(id=task.id).update(**change)


def test_postgresql_refuses_a_done_time_on_an_open_task():
    task = TaskFactory()

    with pytest.raises(IntegrityError, match="task_done_says_when"):
        Task.objects.filter(id=task.id).update(
            done_at=OPENED, done_by=UserFactory(), outcome="resolved"
        )


def test_a_normal_task_may_be_done_without_contact():
    task = TaskFactory(done=True)

    assert Task.objects.filter(id=task.id).update(contacted_at=None) == 1
