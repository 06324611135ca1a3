"""A plan agrees with its course, whatever news came, how often and in which order."""

from datetime import UTC, date, datetime, timedelta

import pytest

from backend.audit.models import AuditEntry
from backend.followups.models import CheckIn, FollowUp, Plan
from backend.followups.reconcile import reconcile_plans
from backend.followups.services.end_plan import end_plan
from backend.followups.services.resume_plan import resume_plan
from backend.followups.services.start_plan import start_plan
from backend.followups.services.stop_plan import stop_plan
from backend.kernel.actor import job
from backend.notifications.models import Notification
from tests.factories.followups import (
    DAY_7_AT,
    START,
    STARTED_AT,
    CheckInFactory,
    FollowedCourseFactory,
    FollowUpFactory,
    PlanFactory,
)
from tests.factories.notifications import NotificationFactory

pytestmark = pytest.mark.django_db
JOB = job("followups")


def start(course, at=STARTED_AT):
    return start_plan(course_id=course.id, by=JOB, at=at)


def rows(kind="check_in", **more):
    return list(FollowUp.objects.filter(kind=kind, **more).order_by("due_at"))


def halt(course):
    course.status, course.halted_at, course.halt_reason = "halted", DAY_7_AT, "R-01"
    course.save()


def end(course, on):
    course.status, course.ended_on, course.end_reason = "ended", on, "completed"
    course.save()


def test_the_first_hand_over_starts_a_plan_with_check_ins_at_nine_where_she_lives():
    course = FollowedCourseFactory(patient__zone="America/New_York")

    plan = start(course)

    asked = rows()
    assert (plan.status, plan.template, plan.template_version) == ("active", "jp_2026", 1)
    assert [row.occurrence for row in asked] == [7, 14, 28, 58]
    assert [row.local_date for row in asked[:2]] == [date(2026, 3, 17), date(2026, 3, 24)]
    assert asked[0].due_at == datetime(2026, 3, 17, 13, tzinfo=UTC)  # summer time began
    assert {row.rule_version for row in asked} == {"jp_2026.1"}
    assert AuditEntry.objects.filter(action="plan.start").count() == 1


def test_the_same_news_again_and_a_second_delivery_change_nothing():
    course = FollowedCourseFactory()

    first, again = start(course), start(course)

    assert first.id == again.id
    assert again.version == 1
    assert len(rows()) == 4


def test_a_later_hand_over_writes_the_plan_further_ahead():
    course = FollowedCourseFactory()
    start(course)

    start(course, at=STARTED_AT + timedelta(days=30))

    assert [row.occurrence for row in rows()] == [7, 14, 28, 58, 88]


@pytest.mark.parametrize("status", ["not_started", "halted", "ended"])
def test_only_a_running_course_is_followed(status):
    states = {
        "not_started": {"status": "not_started", "started_on": None},
        "halted": {"halted": True},
        "ended": {"ended": True},
    }
    course = FollowedCourseFactory(**states[status])

    assert start(course) is None
    assert Plan.objects.count() == FollowUp.objects.count() == 0


def test_a_halt_cancels_what_waits_with_its_check_ins_and_notices():
    course = FollowedCourseFactory()
    plan = start(course)
    open_one = CheckInFactory(follow_up=FollowUpFactory(plan=plan, occurrence=1, done=True))
    notice = NotificationFactory(patient=course.patient, about_ref=open_one.ref)
    halt(course)

    stop_plan(course_id=course.id, by=JOB, at=DAY_7_AT)

    plan.refresh_from_db()
    open_one.refresh_from_db()
    notice.refresh_from_db()
    assert plan.status == "stopped"
    assert {row.status for row in rows(occurrence__gte=7)} == {"cancelled"}
    assert (open_one.status, notice.status) == ("cancelled", "cancelled")


def test_old_news_of_a_halt_does_not_stop_a_course_that_runs_again():
    course = FollowedCourseFactory()
    plan = start(course)

    stop_plan(course_id=course.id, by=JOB, at=DAY_7_AT)

    plan.refresh_from_db()
    assert plan.status == "active"


def test_resuming_brings_back_what_lies_ahead_and_not_what_fell_into_the_halt():
    course = FollowedCourseFactory()
    start(course)
    halt(course)
    stop_plan(course_id=course.id, by=JOB, at=STARTED_AT + timedelta(days=3))
    course.status = "running"
    course.save()

    resume_plan(course_id=course.id, by=JOB, at=STARTED_AT + timedelta(days=10))

    assert [(row.occurrence, row.status) for row in rows()] == [
        (7, "cancelled"),
        (14, "pending"),
        (28, "pending"),
        (58, "pending"),
    ]
    assert Plan.objects.get().status == "active"


def test_the_end_writes_the_closing_check_the_opening_and_the_relapse_checks():
    course = FollowedCourseFactory()
    plan = start(course)
    ended_on = START + timedelta(days=240)  # 5 November 2026
    end(course, ended_on)

    end_plan(course_id=course.id, by=JOB, at=STARTED_AT + timedelta(days=241))

    plan.refresh_from_db()
    after = {(r.kind, r.occurrence): r for r in FollowUp.objects.exclude(kind="check_in")}
    assert plan.status == "closing"
    assert {row.status for row in rows()} == {"cancelled"}
    assert after["closing_check", 1].local_date == date(2026, 12, 5)
    assert after["second_course_opens", 1].local_date == date(2026, 12, 31)
    assert after["second_course_opens", 1].rule_version.startswith("jp_house_2026@")
    assert [after["relapse_check", month].local_date for month in (3, 6, 12)] == [
        date(2027, 2, 5),
        date(2027, 5, 5),
        date(2027, 11, 5),
    ]


def test_the_end_told_before_the_start_makes_a_plan_all_the_same():
    course = FollowedCourseFactory(ended=True)

    end_plan(course_id=course.id, by=JOB, at=STARTED_AT + timedelta(days=241))
    start(course)
    end_plan(course_id=course.id, by=JOB, at=STARTED_AT + timedelta(days=242))

    assert Plan.objects.get().status == "closing"
    assert rows() == []
    assert FollowUp.objects.count() == 5


def test_a_course_that_has_not_ended_keeps_its_check_ins():
    course = FollowedCourseFactory()
    start(course)

    end_plan(course_id=course.id, by=JOB, at=DAY_7_AT)

    assert {row.status for row in rows()} == {"pending"}


def test_what_the_events_missed_is_mended():
    running = FollowedCourseFactory()
    halted = PlanFactory(course__halted=True)
    ended = PlanFactory(course__ended=True)
    fitting = PlanFactory()

    mended = reconcile_plans(by=JOB)
    again = reconcile_plans(by=JOB)

    for plan in (halted, ended, fitting):
        plan.refresh_from_db()
    assert (mended, again) == (3, 0)
    assert Plan.objects.get(course=running).status == "active"
    assert (halted.status, ended.status, fitting.status) == ("stopped", "closing", "active")


def test_nothing_is_told_to_anybody_by_planning():
    start(FollowedCourseFactory())

    assert Notification.objects.count() == CheckIn.objects.count() == 0
