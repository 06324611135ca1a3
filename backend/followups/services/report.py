"""A patient reports how she is without being asked."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.accounts.models import Patient
from backend.audit.record import record
from backend.db import service
from backend.followups.errors import NoCourse
from backend.followups.models import CheckIn
from backend.followups.queries import course_to_report_on
from backend.followups.rules import CHECK_INS, CheckInKind
from backend.followups.steps.take_answer import fill_in, follow_through
from backend.kernel.actor import Actor
from backend.kernel.text import Text
from backend.prescriptions.models import Course
from backend.prescriptions.steps.lock_prescription import lock_course

SAME_WITHIN = timedelta(minutes=15)


@service
def report(*, patient_id: UUID, answers: dict[str, Any], by: Actor, at: datetime) -> CheckIn:
    """An unscheduled check-in, answered at once; judged and acted on like any other.

    The same report within a quarter of an hour is the same one. Raises NoCourse (422), NotAFact.
    """
    found = course_to_report_on(patient_id)
    if found is None:
        telephone = Patient.objects.select_related("clinic").get(id=patient_id).clinic.telephone
        text = Text(
            f"対象となるコースがありません。クリニック（{telephone}）にお電話ください。",
            f"There is no course to report on. Please call the clinic ({telephone}).",
        )
        raise NoCourse(text)
    course = lock_course(found.id)
    same = _told_just_now(course, answers, at)
    if same is not None:
        return same
    check_in = CheckIn(
        patient=course.patient,
        course=course,
        kind=CheckInKind.UNSCHEDULED.value,
        opened_at=at,
        due_at=at,
    )
    fill_in(check_in, course, answers, by=by, at=at)
    check_in.save(force_insert=True)
    facts = {"decision": str(check_in.decision), "pack_version": str(check_in.pack_version)}
    record(CHECK_INS["report"].action, on=check_in, by=by, at=at, facts=facts)
    follow_through(check_in, course, by=by, at=at)
    return check_in


def _told_just_now(course: Course, answers: dict[str, Any], at: datetime) -> CheckIn | None:
    latest = (
        CheckIn.objects.filter(
            course=course, kind=CheckInKind.UNSCHEDULED.value, answered_at__gt=at - SAME_WITHIN
        )
        .select_related("patient__clinic", "patient__test_clock", "course")
        .order_by("-answered_at")
        .first()
    )
    return latest if latest is not None and latest.answers == answers else None
