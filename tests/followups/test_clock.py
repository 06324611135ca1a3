"""Time passes in the sandbox: each due instant is lived through, and quickly."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.followups.drain_clock import drain_clock
from backend.followups.models import CheckIn, FollowUp
from backend.followups.services.start_plan import start_plan
from backend.followups.services.step_clock import step_clock
from backend.kernel.actor import job
from backend.notifications.models import Notification
from backend.worklist.models import Task
from tests.factories.followups import DAY_7_AT, STARTED_AT, FollowedCourseFactory

pytestmark = pytest.mark.django_db
JOB = job("clocks")
REAL_TIME = datetime(2026, 1, 1, 12, tzinfo=UTC)


def advancing(*, days=30, courses=1):
    first = FollowedCourseFactory(patient__on_clock=True, patient__test_clock__frozen_at=STARTED_AT)
    clock = first.patient.test_clock
    others = [
        FollowedCourseFactory(patient__clinic=clock.clinic, patient__test_clock=clock)
        for _ in range(courses - 1)
    ]
    for course in [first, *others]:
        start_plan(course_id=course.id, by=JOB, at=STARTED_AT)
    clock.status, clock.target_at = "advancing", STARTED_AT + timedelta(days=days)
    clock.save()
    return clock


def drain(clock, sent=None):
    keep = [] if sent is None else sent
    with time_machine.travel(REAL_TIME, tick=False):
        done = drain_clock(clock_id=clock.id, send=lambda m: keep.append(m) or m.message_id, by=JOB)
    clock.refresh_from_db()
    return done


def test_a_month_passes_with_everything_done_at_its_own_instant():
    clock, sent = advancing(), []

    done = drain(clock, sent)

    opened = CheckIn.objects.order_by("opened_at")
    at_nine = [DAY_7_AT + timedelta(days=days) for days in (0, 7, 21)]
    assert done
    assert (clock.status, clock.frozen_at) == ("ready", STARTED_AT + timedelta(days=30))
    assert [row.opened_at for row in opened] == at_nine
    assert [row.status for row in opened] == ["missed", "missed", "open"]
    assert len(sent) == 5  # three check-ins, reminders of the first two
    assert list(Notification.objects.order_by("sent_at").values_list("sent_at", flat=True)) == [
        at_nine[0],
        at_nine[0] + timedelta(days=3),
        at_nine[1],
        at_nine[1] + timedelta(days=3),
        at_nine[2],
    ]
    assert Task.objects.filter(kind="check_in_missed").count() == 2


def test_it_stops_at_the_target_and_not_a_second_later():
    clock = advancing()
    clock.target_at = DAY_7_AT - timedelta(seconds=1)
    clock.save()

    drain(clock)

    assert clock.frozen_at == DAY_7_AT - timedelta(seconds=1)
    assert CheckIn.objects.count() == 0


def test_what_is_due_at_the_target_itself_is_done():
    clock = advancing()
    clock.target_at = DAY_7_AT
    clock.save()

    drain(clock)

    assert CheckIn.objects.count() == 1


def test_after_a_crash_half_way_the_next_one_goes_on():
    clock, sent = advancing(), []
    step_clock(clock_id=clock.id, to=DAY_7_AT, by=JOB, at=STARTED_AT)

    drain(clock, sent)

    assert clock.status == "ready"
    assert CheckIn.objects.count() == 3
    assert len(sent) == 5


def test_draining_again_changes_nothing():
    clock = advancing()
    drain(clock)
    rows = list(FollowUp.objects.order_by("id").values_list("id", "status", "epoch"))
    version = clock.version

    done = drain(clock)

    assert done
    assert clock.version == version
    assert rows == list(FollowUp.objects.order_by("id").values_list("id", "status", "epoch"))


def test_patients_elsewhere_are_not_touched():
    clock = advancing()
    elsewhere = FollowedCourseFactory()
    start_plan(course_id=elsewhere.id, by=JOB, at=STARTED_AT)

    drain(clock)

    assert CheckIn.objects.filter(patient=elsewhere.patient).count() == 0


def test_several_patients_share_one_clock():
    clock, sent = advancing(days=8, courses=3), []

    drain(clock, sent)

    assert CheckIn.objects.count() == len(sent) == 3


def test_a_month_takes_a_bounded_number_of_statements():
    clock = advancing()

    with CaptureQueriesContext(connection) as statements:
        drain(clock)

    assert len(statements) < 350  # 7 stops; a few tenths of a second
