"""Somebody broke the glass: the clinic's administrators hear of it."""

from backend import clock
from backend.care.alerting import alert_administrators, send_by_smtp
from backend.kernel.actor import job
from workers.tasks.run import task

CARE = job("care")


@task
def alert(**_later: object) -> None:
    """Write at once about what was not written about yet."""
    _alert()


@task
def sweep_alerts() -> None:
    """The same for what a lost message or a mail server that was away left over."""
    _alert()


def _alert() -> None:
    alert_administrators(send=send_by_smtp, by=CARE, at=clock.now())
