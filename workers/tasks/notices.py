"""Messages to patients. They name no medicine, no illness, no result."""

from backend import clock
from backend.accounts.models import Patient
from backend.followups.queries import may_send
from backend.kernel.actor import job
from backend.notifications.channels.email import send_email
from backend.notifications.deliver import deliver_due
from backend.notifications.services.notify import notify
from workers.tasks.run import task, uuid_of

NOTICES = job("notices")


@task
def visit_confirmed(*, event_id: int, visit_id: str, patient_id: str, **_later: object) -> None:
    """The visit is booked."""
    _tell("visit_confirmed", event_id, patient_id, visit_id)


@task
def visit_changed(*, event_id: int, visit_id: str, patient_id: str, **_later: object) -> None:
    """The visit is cancelled."""
    _tell("visit_changed", event_id, patient_id, visit_id)


@task
def prescription_news(
    *, event_id: int, prescription_id: str, patient_id: str, **_later: object
) -> None:
    """Something to read about a prescription: approved or declined."""
    _tell("please_read", event_id, patient_id, prescription_id)


@task
def prescription_void(
    *, event_id: int, prescription_id: str, patient_id: str, **_later: object
) -> None:
    """A prescription was taken back: the patient must act on it."""
    _tell("please_act", event_id, patient_id, prescription_id)


@task
def deliver() -> None:
    """Send what is due."""
    deliver_due(send=send_email, by=NOTICES, may_send=may_send)


def _tell(template: str, event_id: int, patient_id: str, about: str) -> None:
    patient = Patient.objects.select_related("test_clock").get(id=uuid_of(patient_id))
    notify(
        patient_id=patient.id,
        template=template,
        key=f"{template}:{about}:{event_id}",
        about_ref=about,
        by=NOTICES,
        at=clock.now(patient),
    )
    deliver_due(send=send_email, by=NOTICES, may_send=may_send, test_clock_id=patient.test_clock_id)
