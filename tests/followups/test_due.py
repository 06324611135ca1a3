"""What the due table does when its time comes."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from backend.audit.models import AuditEntry
from backend.followups.models import CheckIn, FollowUp
from backend.followups.queries import may_send, oldest_due
from backend.followups.run_due import run_due
from backend.followups.services.claim_due import claim_due
from backend.followups.services.finish import finish
from backend.followups.services.start_plan import start_plan
from backend.followups.services.stop_plan import stop_plan
from backend.kernel.actor import job
from backend.kernel.errors import LeaseLost
from backend.notifications.deliver import deliver_due
from backend.notifications.models import Attempt, Notification
from backend.outbox.models import OutboxEvent
from backend.worklist.models import Task
from tests.factories.followups import (
    DAY_7_AT,
    STARTED_AT,
    CheckInFactory,
    FollowedCourseFactory,
    FollowUpFactory,
    PlanFactory,
)

pytestmark = pytest.mark.django_db
JOB = job("followups")


def followed(**more):
    course = FollowedCourseFactory(**more)
    start_plan(course_id=course.id, by=JOB, at=STARTED_AT)
    return course


def run(at):
    with time_machine.travel(at, tick=False):
        return run_due(by=JOB)


def claim(at=DAY_7_AT, **more):
    return claim_due(by=JOB, at=at, **more)


def done(row, at=DAY_7_AT):
    return finish(follow_up_id=row.id, epoch=row.epoch, by=JOB, at=at)


def halt(course):
    course.status, course.halted_at, course.halt_reason = "halted", DAY_7_AT, "R-01"
    course.save()


def templates():
    return list(Notification.objects.order_by("id").values_list("template", flat=True))


def test_on_day_seven_at_nine_she_is_asked_once_and_reminded_by_one_notice():
    course = followed()

    early = run(DAY_7_AT - timedelta(seconds=1))
    on_time = run(DAY_7_AT)
    again = run(DAY_7_AT + timedelta(minutes=1))

    check_in = CheckIn.objects.get()
    assert (early, on_time, again) == (0, 1, 0)
    assert (check_in.kind, check_in.day, check_in.status) == ("scheduled", 7, "open")
    assert (check_in.course_id, check_in.opened_at) == (course.id, DAY_7_AT)
    assert check_in.due_at == DAY_7_AT + timedelta(days=7)
    assert templates() == ["check_in_opened"]
    event = OutboxEvent.objects.get(type="followups.check_in.opened")
    assert event.payload["check_in_id"] == check_in.ref
    assert AuditEntry.objects.filter(action="check_in.open").count() == 1


def test_three_days_without_an_answer_bring_one_reminder_and_seven_a_person():
    followed()
    run(DAY_7_AT)

    run(DAY_7_AT + timedelta(days=3))
    reminded = templates()
    run(DAY_7_AT + timedelta(days=7))

    asked = CheckIn.objects.get(follow_up__occurrence=7)
    task = Task.objects.get()
    assert reminded == ["check_in_opened", "check_in_reminder"]
    assert asked.status == "missed"
    assert (task.kind, task.priority, task.about_ref) == ("check_in_missed", "normal", asked.ref)
    assert task.due_at == DAY_7_AT + timedelta(days=9)
    assert OutboxEvent.objects.filter(type="followups.check_in.missed").count() == 1


def test_an_answer_ends_the_reminding():
    plan = PlanFactory()
    asked = CheckInFactory(answered=True, follow_up=FollowUpFactory(plan=plan, done=True))
    rung = FollowUpFactory(
        plan=plan,
        kind="check_in_reminder",
        opened_by=asked.follow_up,
        due_at=DAY_7_AT + timedelta(days=3),
    )

    run(DAY_7_AT + timedelta(days=3))

    rung.refresh_from_db()
    assert rung.status == "cancelled"
    assert templates() == []


def test_after_a_stop_nobody_is_asked_even_before_the_news_has_come():
    course = followed()
    halt(course)

    run(DAY_7_AT)

    assert FollowUp.objects.get(occurrence=7).status == "cancelled"
    assert CheckIn.objects.count() == Notification.objects.count() == 0


def test_a_reminder_that_was_queued_before_the_stop_is_not_sent_after_it():
    course = followed()
    run(DAY_7_AT)
    halt(course)
    sent = []

    with time_machine.travel(DAY_7_AT, tick=False):
        deliver_due(send=lambda m: sent.append(m) or "<x>", by=JOB, may_send=may_send)

    assert sent == []
    assert Notification.objects.get().status == "cancelled"
    assert Attempt.objects.count() == 0


def test_a_reminder_of_a_waiting_check_in_is_sent():
    followed()
    run(DAY_7_AT)
    sent = []

    with time_machine.travel(DAY_7_AT, tick=False):
        deliver_due(send=lambda m: sent.append(m) or "<x>", by=JOB, may_send=may_send)

    assert len(sent) == 1


def test_after_a_pause_of_ours_she_is_asked_once():
    followed()

    run(STARTED_AT + timedelta(days=28))

    states = dict(FollowUp.objects.filter(kind="check_in").values_list("occurrence", "status"))
    assert (states[7], states[14], states[28]) == ("missed", "missed", "done")
    assert CheckIn.objects.count() == Notification.objects.count() == 1


def test_asking_writes_the_plan_further_ahead():
    followed()

    for day in (7, 14, 28, 58):
        run(STARTED_AT + timedelta(days=day))

    ahead = FollowUp.objects.filter(kind="check_in", status="pending")
    assert sorted(ahead.values_list("occurrence", flat=True)) == [88, 118]


def test_a_lease_that_ran_out_is_taken_up_and_the_old_worker_is_refused():
    followed()
    (old,) = claim()
    too_early = claim(at=DAY_7_AT + timedelta(seconds=59))
    (new,) = claim(at=DAY_7_AT + timedelta(seconds=60))

    with pytest.raises(LeaseLost):
        done(old)
    done(new)

    assert too_early == []
    assert (new.epoch, new.attempts) == (2, 2)
    assert CheckIn.objects.count() == 1


def test_a_worker_killed_between_claim_and_finish_loses_nothing():
    followed()
    claim()

    run(DAY_7_AT + timedelta(seconds=30))
    while_leased = CheckIn.objects.count()
    run(DAY_7_AT + timedelta(seconds=60))

    assert (while_leased, CheckIn.objects.count()) == (0, 1)


def test_finishing_twice_is_refused():
    followed()
    (row,) = claim()
    done(row)

    with pytest.raises(LeaseLost):
        done(row)

    assert CheckIn.objects.count() == 1


def test_a_cancelled_row_refuses_the_worker_that_holds_it():
    course = followed()
    (row,) = claim()
    halt(course)
    stop_plan(course_id=course.id, by=JOB, at=DAY_7_AT)

    with pytest.raises(LeaseLost):
        done(row)

    assert CheckIn.objects.count() == 0


def test_the_clock_jumping_an_hour_back_and_forth_asks_once():
    followed()

    for minutes in (0, 60, -60, 60):
        run(DAY_7_AT + timedelta(minutes=minutes))

    assert CheckIn.objects.count() == Notification.objects.count() == 1


def test_each_patient_is_judged_by_her_own_clock():
    ahead = followed(patient__on_clock=True, patient__test_clock__frozen_at=DAY_7_AT)
    followed(patient__on_clock=True, patient__test_clock__frozen_at=DAY_7_AT - timedelta(seconds=1))
    followed()

    claimed = claim(at=STARTED_AT)

    assert [row.patient_id for row in claimed] == [ahead.patient_id]


def test_a_batch_takes_the_oldest_first():
    late = FollowUpFactory(due_at=DAY_7_AT - timedelta(hours=5))
    FollowUpFactory(due_at=DAY_7_AT - timedelta(hours=1))

    (claimed,) = claim(at_most=1)

    assert claimed.id == late.id


def test_the_closing_check_asks_after_the_end_and_the_opening_puts_it_on_the_worklist():
    plan = PlanFactory(course__ended=True, status="closing")
    FollowUpFactory(plan=plan, kind="closing_check", occurrence=1)
    FollowUpFactory(plan=plan, kind="second_course_opens", occurrence=1)

    run(DAY_7_AT)

    task = Task.objects.get()
    assert CheckIn.objects.get().kind == "closing"
    assert templates() == ["closing_check_opened"]
    assert (task.kind, task.about_ref) == ("second_course_decision", plan.course.ref)
    assert OutboxEvent.objects.filter(type="followups.second_course.opened").count() == 1


def test_a_relapse_check_is_dropped_when_she_is_treated_again():
    plan = PlanFactory(course__ended=True, status="closing")
    FollowedCourseFactory(patient=plan.patient, number=2, status="not_started", started_on=None)
    row = FollowUpFactory(plan=plan, kind="relapse_check", occurrence=3)

    run(DAY_7_AT)

    row.refresh_from_db()
    assert row.status == "cancelled"
    assert CheckIn.objects.count() == 0


def test_a_row_that_fails_does_not_keep_the_others_waiting():
    broken = FollowUpFactory(plan__template="gone", due_at=DAY_7_AT - timedelta(minutes=1))
    fine = FollowUpFactory()

    run(DAY_7_AT)

    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.status, fine.status) == ("leased", "done")


def test_the_oldest_due_row_shows_for_how_long_it_has_been_waiting():
    FollowUpFactory(due_at=DAY_7_AT)
    FollowUpFactory(due_at=DAY_7_AT + timedelta(days=1))
    FollowUpFactory(due_at=DAY_7_AT - timedelta(days=9), done=True)

    assert oldest_due(DAY_7_AT + timedelta(seconds=90)) == 90.0
    assert oldest_due(DAY_7_AT - timedelta(seconds=1)) == 0.0


def test_nine_stays_nine_for_a_patient_in_new_york_when_summer_time_begins():
    followed(patient__zone="America/New_York", started_on=datetime(2026, 3, 1, tzinfo=UTC).date())

    first, second = FollowUp.objects.filter(occurrence__in=(7, 14)).order_by("due_at")

    assert (second.due_at - first.due_at) == timedelta(days=7)
    assert first.due_at.hour == 13  # Sunday 8 March, the clocks changed at 02:00
