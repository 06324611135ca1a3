"""Take in what a patient answered: keep it, judge it, act on it."""

from datetime import date, datetime
from typing import Any

from django.db.models import F

from backend.clock import civil_day
from backend.db import require_transaction
from backend.followups import events
from backend.followups.models import CheckIn, FollowUp
from backend.followups.rules import FOLLOW_UPS, CheckInStatus, FollowUpStatus
from backend.followups.steps.act_on import act_on
from backend.followups.steps.judge import judge
from backend.kernel.actor import Actor
from backend.notifications.steps.cancel_notices import cancel_notices
from backend.outbox.emit import emit
from backend.prescriptions.models import Course
from backend.prescriptions.rules import CourseStatus
from backend.records.steps.note import note_phq, note_statement
from backend.records.values import Checked

SCORES = ("phq2", "phq9", "item9")
SAFETY_DAY = 7  # J-08: the check-in of day 7


def fill_in(
    check_in: CheckIn, course: Course, answers: dict[str, Any], *, by: Actor, at: datetime
) -> None:
    """Put answers and the verdict on them into the row (the caller saves it).

    The answers also become clinical facts: a PHQ score and a statement `checkin`.
    Call it under the course's lock. Raises NotAFact (422).
    """
    require_transaction()
    checkin = {name: said for name, said in answers.items() if name not in SCORES}
    _note(check_in, course, answers, checkin, by=by, at=at)
    verdict = judge(course, checkin, by=by, at=at)
    check_in.status = CheckInStatus.ANSWERED.value
    check_in.answers, check_in.answered_at = answers, at
    check_in.decision, check_in.findings = verdict.decision, verdict.findings
    check_in.pack, check_in.pack_version = verdict.pack, verdict.pack_version


def follow_through(check_in: CheckIn, course: Course, *, by: Actor, at: datetime) -> None:
    """After the row is saved: no more reminders of it, what the decision asks for, the news."""
    require_transaction()
    _stop_reminding(check_in, by=by, at=at)
    act_on(check_in, course, by=by, at=at)
    payload = {
        "check_in_id": check_in.ref,
        "course_id": course.ref,
        "patient_id": check_in.patient.ref,
    }
    emit(events.CHECK_IN_ANSWERED, at=at, payload=payload)


def _note(
    check_in: CheckIn,
    course: Course,
    answers: dict[str, Any],
    checkin: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    patient = check_in.patient
    today = civil_day(at, patient.zone)
    if "last_period_on" in answers:
        checked = Checked(today=today)
        checked.past_day("last_period_on", date.fromisoformat(answers["last_period_on"]))
        checked.done()
    scores = {name: answers.get(name) for name in SCORES}
    if any(points is not None for points in scores.values()):
        note_phq(patient=patient, taken_on=today, **scores, by=by, at=at)
    running_for = (
        (today - course.started_on).days
        if course.started_on and course.status == CourseStatus.RUNNING
        else 0
    )
    value = {**checkin, "day7_checkin_done": running_for >= SAFETY_DAY}
    note_statement(patient=patient, topic="checkin", value=value, by=by, at=at)


def _stop_reminding(check_in: CheckIn, *, by: Actor, at: datetime) -> None:
    if check_in.follow_up_id is None:
        return
    FollowUp.objects.filter(
        opened_by_id=check_in.follow_up_id, status__in=FOLLOW_UPS["cancel"].start
    ).update(
        status=FollowUpStatus.CANCELLED.value,
        lease_until=None,
        epoch=F("epoch") + 1,
        version=F("version") + 1,
    )
    cancel_notices(about_refs=[check_in.ref], by=by, at=at)
