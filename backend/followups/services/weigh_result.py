"""A test, a laboratory result, a score or a statement arrived: does it stop the drug?"""

from datetime import datetime
from uuid import UUID

from backend.db import service
from backend.followups.queries import course_to_report_on
from backend.followups.steps.act_on import carry_out
from backend.followups.triage import respond
from backend.kernel.actor import Actor
from backend.prescriptions.models import Course
from backend.prescriptions.queries import assess_now, facts_for
from backend.prescriptions.rules import CourseStatus
from backend.prescriptions.steps.decide import decide
from backend.prescriptions.steps.lock_prescription import lock_course
from backend.worklist.models import Task
from backend.worklist.queries import open_tasks
from backend.worklist.rules import Priority


@service
def weigh_result(*, patient_id: UUID, about_ref: str, by: Actor, at: datetime) -> str | None:
    """Halt, void and call a human when what is known now says stop or urgent (0.3: results too).

    Returns the decision that halted; None when nothing did, when this result was acted on
    before, or when a halt about the patient is being dealt with already. The last check-in is
    left out: it was judged when it was answered. Source: R-02, R-12, C-03, L-13, L-17, L-20.
    """
    found = course_to_report_on(patient_id)
    if found is None:
        return None
    course = lock_course(found.id)
    if _is_dealt_with(course, about_ref):
        return None
    facts = {**facts_for(course=course, at=at), "checkin": {}}
    assessment, case = assess_now(facts, "checkin", course.patient, at)
    if not assessment.decision.halts_the_drug:
        return None
    decide(
        patient=course.patient,
        course=course,
        assessment=assessment,
        case=case,
        moment="result",
        by=by,
        at=at,
    )
    findings = [finding.as_json() for finding in assessment.findings]
    response = respond(assessment.decision.value, findings)
    if response is not None:
        carry_out(response, findings, course, about_ref=about_ref, by=by, at=at)
    return assessment.decision.value


def _is_dealt_with(course: Course, about_ref: str) -> bool:
    if Task.objects.filter(patient=course.patient, about_ref=about_ref).exists():
        return True
    urgent = open_tasks(course.patient).filter(priority=Priority.URGENT)
    return course.status == CourseStatus.HALTED and urgent.exists()
