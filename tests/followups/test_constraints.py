"""PostgreSQL itself refuses what must not be."""

import pytest
from django.db import Error, IntegrityError, connection

from backend.followups.models import CheckIn, Escalation, FollowUp, Plan
from tests.factories.followups import (
    DAY_7_AT,
    CheckInFactory,
    FollowUpFactory,
    PlanFactory,
    SecondCourseDecisionFactory,
)
from tests.factories.worklist import TaskFactory

pytestmark = pytest.mark.django_db


def test_a_course_has_one_plan():
    plan = PlanFactory()

    with pytest.raises(IntegrityError, match="course_id"):
        PlanFactory(course=plan.course)


def test_a_plan_has_a_legal_status():
    plan = PlanFactory()

    with pytest.raises(IntegrityError, match="plan_status_known"):
        Plan.objects.filter(id=plan.id).update(status="paused")


def test_each_occurrence_of_a_plan_has_one_row():
    row = FollowUpFactory()

    with pytest.raises(IntegrityError, match="follow_up_once"):
        FollowUpFactory(plan=row.plan)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": "lost"}, "follow_up_status_known"),
        ({"status": "leased"}, "follow_up_leased_with_lease"),
        ({"lease_until": DAY_7_AT}, "follow_up_leased_with_lease"),
        ({"status": "done"}, "follow_up_finished_says_when"),
        ({"status": "missed"}, "follow_up_finished_says_when"),
        ({"finished_at": DAY_7_AT}, "follow_up_finished_says_when"),
    ],
)
def test_a_follow_up_that_contradicts_itself_is_refused(changes, constraint):
    row = FollowUpFactory()

    with pytest.raises(IntegrityError, match=constraint):
        FollowUp.objects.filter(id=row.id).update(**changes)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": "lost"}, "check_in_status_known"),
        ({"kind": "curious"}, "check_in_kind_known"),
        ({"kind": "unscheduled"}, "check_in_asked_by_a_follow_up_or_unscheduled"),
        ({"follow_up": None}, "check_in_asked_by_a_follow_up_or_unscheduled"),
        ({"status": "answered"}, "check_in_answered_with_decision"),
        ({"decision": "clear"}, "check_in_answered_with_decision"),
        (
            {
                "status": "answered",
                "answers": {},
                "answered_at": DAY_7_AT,
                "decision": "fine",
                "findings": [],
                "pack": "p",
                "pack_version": "p@1",
            },
            "check_in_decision_known",
        ),
    ],
)
def test_a_check_in_that_contradicts_itself_is_refused(changes, constraint):
    asked = CheckInFactory()

    with pytest.raises(IntegrityError, match=constraint):
        CheckIn.objects.filter(id=asked.id).update(**changes)


def test_a_follow_up_opens_one_check_in():
    asked = CheckInFactory()

    with pytest.raises(IntegrityError, match="follow_up_id"):
        CheckInFactory(follow_up=asked.follow_up)


def run_sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_was_answered_stays():
    CheckInFactory(answered=True)

    with pytest.raises(Error, match="append-only"):
        run_sql("UPDATE followups_checkin SET decision = 'hold'")


def test_a_check_in_is_never_removed():
    CheckInFactory()

    with pytest.raises(Error, match="append-only"):
        run_sql("DELETE FROM followups_checkin")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE followups_secondcoursedecision SET iga = 4",
        "DELETE FROM followups_secondcoursedecision",
    ],
)
def test_a_second_course_decision_stays(statement):
    SecondCourseDecisionFactory()

    with pytest.raises(Error, match="append-only"):
        run_sql(statement)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": "perhaps", "decision": "clear"}, "second_course_status_known"),
        ({"iga": 5}, "second_course_iga_in_range"),
        ({"decision": "fine"}, "second_course_decision_known"),
        ({"status": "offered", "decision": "block"}, "second_course_offered_only_when_allowed"),
    ],
)
def test_a_second_course_decision_that_contradicts_itself_is_refused(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        SecondCourseDecisionFactory(**changes)


def test_a_second_course_is_offered_once():
    offered = SecondCourseDecisionFactory(status="offered", decision="clear")
    SecondCourseDecisionFactory(course=offered.course)

    with pytest.raises(IntegrityError, match="second_course_offered_once"):
        SecondCourseDecisionFactory(course=offered.course, status="offered", decision="clear")


def test_a_task_is_escalated_once():
    task = TaskFactory(urgent=True)
    Escalation.objects.create(task=task, at=DAY_7_AT)

    with pytest.raises(IntegrityError, match="task_id"):
        Escalation.objects.create(task=task, at=DAY_7_AT)
