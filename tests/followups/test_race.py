"""Several workers at once, and a stop in their midst."""

import pytest
import time_machine
from django.db import transaction

from backend.followups.drain_clock import drain_clock
from backend.followups.models import CheckIn, FollowUp
from backend.followups.queries import may_send
from backend.followups.run_due import run_due
from backend.followups.services.start_plan import start_plan
from backend.followups.steps.stop_plan import stop_plan_of
from backend.kernel.actor import job
from backend.notifications.deliver import deliver_due
from backend.notifications.models import Attempt, Notification
from backend.prescriptions.steps.halt_course import halt_course
from backend.prescriptions.steps.lock_prescription import lock_course
from tests.at_once import at_once
from tests.factories.accounts import ClinicFactory
from tests.factories.followups import DAY_7_AT, STARTED_AT, FollowedCourseFactory
from tests.followups.test_clock import advancing

pytestmark = pytest.mark.django_db(transaction=True)
JOB = job("followups")


def followed(count=1):
    clinic = ClinicFactory()
    courses = [FollowedCourseFactory(patient__clinic=clinic) for _ in range(count)]
    for course in courses:
        start_plan(course_id=course.id, by=JOB, at=STARTED_AT)
    return courses


def test_two_workers_ask_each_of_sixty_patients_once():
    followed(60)

    with time_machine.travel(DAY_7_AT, tick=True):
        taken = at_once(*[lambda: run_due(by=JOB)] * 2)

    assert sum(taken) == 60
    assert CheckIn.objects.count() == Notification.objects.count() == 60
    assert set(FollowUp.objects.filter(status="done").values_list("epoch", flat=True)) == {1}


def test_the_first_hand_over_told_four_times_at_once_starts_one_plan():
    course = FollowedCourseFactory()

    at_once(*[lambda: start_plan(course_id=course.id, by=JOB, at=STARTED_AT)] * 4)

    assert FollowUp.objects.filter(kind="check_in").count() == 4


def test_after_a_stop_has_committed_no_attempt_begins():
    courses = followed(12)
    with time_machine.travel(DAY_7_AT, tick=False):
        run_due(by=JOB)

    def stop_all():
        begun = {}
        for course in courses:
            with transaction.atomic():
                locked = lock_course(course.id)
                halt_course(locked, reason_code="R-01", by=JOB, at=DAY_7_AT)
            begun[course.patient_id] = attempts_of(course)
        return begun

    def work():
        deliver_due(send=lambda m: m.message_id, by=JOB, may_send=may_send)

    with time_machine.travel(DAY_7_AT, tick=True):
        begun, _ = at_once(stop_all, work)

    assert {course.patient_id: attempts_of(course) for course in courses} == begun
    assert Notification.objects.filter(status__in=["sent", "cancelled"]).count() == 12


def attempts_of(course):
    return Attempt.objects.filter(notification__patient_id=course.patient_id).count()


def test_asking_and_stopping_at_once_end_in_one_of_two_ways_and_never_in_a_reminder():
    courses = followed(12)

    def stop_all():
        for course in courses:
            with transaction.atomic():
                halted = halt_course(
                    lock_course(course.id), reason_code="R-01", by=JOB, at=DAY_7_AT
                )
                stop_plan_of(halted, by=JOB, at=DAY_7_AT)

    with time_machine.travel(DAY_7_AT, tick=True):
        at_once(stop_all, lambda: run_due(by=JOB))

    assert CheckIn.objects.filter(status="open").count() == 0
    assert Notification.objects.filter(status="queued").count() == 0
    waiting = FollowUp.objects.filter(status__in=["pending", "leased"])
    assert list(waiting.values_list("kind", "status")) == []


def test_two_who_advance_one_clock_live_through_each_day_once():
    clock, sent = advancing(), []

    def drain():
        send = lambda m: sent.append(m.message_id) or m.message_id  # noqa: E731
        return drain_clock(clock_id=clock.id, send=send, by=JOB)

    done = at_once(drain, drain)

    clock.refresh_from_db()
    assert done == [True, True]
    assert (clock.status, CheckIn.objects.count()) == ("ready", 3)
    assert len(sent) == len(set(sent)) == 5
