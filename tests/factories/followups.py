"""Courses under follow-up. `make_followed` is a woman in her first course, with all that the
rules ask at a check-in; the defaults are lawful, a trait is a real situation."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory

from backend import clock
from backend.accounts.models import Patient
from backend.followups.models import CheckIn, FollowUp, Plan, SecondCourseDecision
from tests.factories.accounts import PatientFactory, UserFactory
from tests.factories.prescriptions import CourseFactory
from tests.factories.records import make_ready_patient

START = date(2026, 3, 10)
STARTED_AT = datetime(2026, 3, 10, 3, tzinfo=UTC)  # noon in Tokyo
DAY_7_AT = datetime(2026, 3, 17, 0, tzinfo=UTC)  # 09:00 in Tokyo
FINE: dict[str, Any] = {
    "items": dict.fromkeys(
        [
            "lips",
            "skin",
            "eyes",
            "nose",
            "joints",
            "back",
            "headache",
            "fatigue",
            "hair",
            "gut",
            "sun",
            "flare",
        ],
        0,
    ),
    "red_flags": [],
    "symptoms": [],
    "phq2": 0,
    "adherence": {"with_food": True, "missed_doses": 0, "contraception_kept": True},
    "wants_blood_donation": False,
}


def answers(**changes: Any) -> dict[str, Any]:
    """A patient who is well, but for these changes; `items` and `adherence` key by key."""
    merged = {**FINE, **changes}
    for name in ("items", "adherence"):
        merged[name] = {**FINE[name], **changes.get(name, {})}
    return merged


class FollowedCourseFactory(CourseFactory):
    """A first course, running since 10 March 2026."""

    patient = factory.SubFactory(PatientFactory)
    status = "running"
    indication = "acne"
    started_on = START
    created_at = STARTED_AT

    class Params:
        halted = factory.Trait(status="halted", halted_at=STARTED_AT, halt_reason="R-01")
        ended = factory.Trait(
            status="ended", ended_on=START + timedelta(days=240), end_reason="completed"
        )


class PlanFactory(factory.django.DjangoModelFactory):
    """An active plan, its rows not yet written."""

    class Meta:
        model = Plan

    course = factory.SubFactory(FollowedCourseFactory)
    patient = factory.SelfAttribute("course.patient")
    template = "jp_2026"
    template_version = 1
    created_at = STARTED_AT


class FollowUpFactory(factory.django.DjangoModelFactory):
    """The check-in of day 7, at 09:00 in Tokyo."""

    class Meta:
        model = FollowUp

    plan = factory.SubFactory(PlanFactory)
    patient = factory.SelfAttribute("plan.patient")
    kind = "check_in"
    occurrence = 7
    local_date = date(2026, 3, 17)
    local_time = "09:00:00"
    zone = "Asia/Tokyo"
    due_at = DAY_7_AT
    rule_version = "jp_2026.1"

    class Params:
        leased = factory.Trait(
            status="leased", lease_until=DAY_7_AT + timedelta(seconds=60), epoch=1
        )
        done = factory.Trait(status="done", finished_at=DAY_7_AT, epoch=1)


class CheckInFactory(factory.django.DjangoModelFactory):
    """The check-in of day 7, open."""

    class Meta:
        model = CheckIn

    follow_up = factory.SubFactory(FollowUpFactory, done=True)
    patient = factory.SelfAttribute("follow_up.patient")
    course = factory.SelfAttribute("follow_up.plan.course")
    kind = "scheduled"
    day = 7
    opened_at = DAY_7_AT
    due_at = DAY_7_AT + timedelta(days=7)

    class Params:
        answered = factory.Trait(
            status="answered",
            answers=FINE,
            answered_at=DAY_7_AT + timedelta(hours=2),
            decision="clear",
            findings=[],
            pack="jp_house_2026",
            pack_version="jp_house_2026@0",
        )
        missed = factory.Trait(status="missed")
        cancelled = factory.Trait(status="cancelled")


class SecondCourseDecisionFactory(factory.django.DjangoModelFactory):
    """A physician declined for now."""

    class Meta:
        model = SecondCourseDecision

    course = factory.SubFactory(FollowedCourseFactory, ended=True)
    patient = factory.SelfAttribute("course.patient")
    status = "declined"
    iga = 2
    scarring = False
    reason = "軽い再燃。外用で経過をみる。"
    cumulative_mg = 5760
    cumulative_mg_per_kg = "110.769"
    decision = "block"
    findings = []
    pack = "jp_house_2026"
    pack_version = "jp_house_2026@0"
    decided_by = factory.SubFactory(UserFactory, role="physician")
    decided_at = datetime(2027, 1, 15, 3, tzinfo=UTC)


def make_followed(*, at: datetime = DAY_7_AT, patient: Patient | None = None) -> CheckIn:
    """An open check-in of a patient about whom the record knows what a check-in asks."""
    ready = make_ready_patient(at=at, patient=patient or PatientFactory())
    day = clock.civil_day(at, ready.zone)
    plan = PlanFactory(course__patient=ready)
    row = FollowUpFactory(plan=plan, done=True, local_date=day, due_at=at, finished_at=at)
    return CheckInFactory(follow_up=row, opened_at=at, due_at=at + timedelta(days=7))
