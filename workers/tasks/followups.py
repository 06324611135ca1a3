"""Follow-up plans, check-ins and test clocks."""

from datetime import datetime
from uuid import UUID

from backend import clock
from backend.accounts.models import Patient, TestClock
from backend.followups.drain_clock import drain_clock
from backend.followups.queries import may_send
from backend.followups.reconcile import reconcile_plans
from backend.followups.run_due import run_due
from backend.followups.services.end_plan import end_plan
from backend.followups.services.escalate_overdue import escalate_overdue
from backend.followups.services.resume_plan import resume_plan
from backend.followups.services.review_notice import review_notice
from backend.followups.services.start_plan import start_plan
from backend.followups.services.stop_plan import stop_plan
from backend.followups.services.weigh_result import weigh_result
from backend.kernel.actor import job
from backend.notifications.channels.email import send_email
from backend.notifications.deliver import deliver_due
from backend.prescriptions.models import Course
from workers.tasks.run import task, uuid_of

FOLLOWUPS = job("followups")


@task
def begin(*, course_id: str, **_later: object) -> None:
    """The medicine is in the patient's hands: the plan starts. Twice is once."""
    start_plan(course_id=uuid_of(course_id), by=FOLLOWUPS, at=_now_of(uuid_of(course_id)))


@task
def resume(*, course_id: str, **_later: object) -> None:
    """The course was re-opened: the plan goes on."""
    resume_plan(course_id=uuid_of(course_id), by=FOLLOWUPS, at=_now_of(uuid_of(course_id)))


@task
def stop(*, course_id: str, **_later: object) -> None:
    """The course was halted: nobody is asked any more."""
    stop_plan(course_id=uuid_of(course_id), by=FOLLOWUPS, at=_now_of(uuid_of(course_id)))


@task
def end(*, course_id: str, **_later: object) -> None:
    """The course has ended: the closing check and the second-course decision are due later."""
    end_plan(course_id=uuid_of(course_id), by=FOLLOWUPS, at=_now_of(uuid_of(course_id)))


@task
def drain(*, test_clock_id: str, **_later: object) -> None:
    """Bring a test clock to its target, doing what falls due on the way."""
    _drain(uuid_of(test_clock_id))


@task
def review_undelivered(*, notification_id: str, patient_id: str, **_later: object) -> None:
    """A message did not get through: somebody of the clinic calls. Twice is one task."""
    patient = Patient.objects.select_related("test_clock").get(id=uuid_of(patient_id))
    review_notice(notification_id=uuid_of(notification_id), by=FOLLOWUPS, at=clock.now(patient))


@task
def weigh(*, result_id: str, patient_id: str, **_later: object) -> None:
    """A test, a laboratory result, a score or a statement arrived: it may stop the drug."""
    _weigh(patient_id, result_id)


@task
def weigh_answers(*, intake_response_id: str, patient_id: str, **_later: object) -> None:
    """A questionnaire was answered: what was said may stop the drug."""
    _weigh(patient_id, intake_response_id)


@task
def sweep() -> None:
    """Everything that is due: rows of the plans, then the notices that they queued."""
    run_due(by=FOLLOWUPS)
    deliver_due(send=send_email, by=FOLLOWUPS, may_send=may_send)
    escalate_overdue(by=FOLLOWUPS, at=clock.now())


@task
def sweep_clocks() -> None:
    """Go on with test clocks whose worker was lost on the way."""
    for clock_id in TestClock.objects.filter(status="advancing").values_list("id", flat=True):
        _drain(clock_id)


@task
def reconcile() -> None:
    """Compare plans with courses; mend what is missing."""
    reconcile_plans(by=FOLLOWUPS)


def _weigh(patient_id: str, about: str) -> None:
    patient = Patient.objects.select_related("test_clock").get(id=uuid_of(patient_id))
    weigh_result(patient_id=patient.id, about_ref=about, by=FOLLOWUPS, at=clock.now(patient))


def _drain(clock_id: UUID) -> None:
    while not drain_clock(clock_id=clock_id, send=send_email, by=job("test_clock")):
        pass


def _now_of(course_id: UUID) -> datetime:
    course = Course.objects.select_related("patient__test_clock").get(id=course_id)
    return clock.now(course.patient)
