"""Webhooks to pharmacies, claims and prescriptions whose time is over."""

from backend import clock
from backend.kernel.actor import job
from backend.pharmacy.deliver import deliver_due
from backend.pharmacy.services.lapse_claims import lapse_claims
from backend.pharmacy.services.queue_deliveries import queue_deliveries
from backend.prescriptions.services.expire_prescriptions import expire_prescriptions
from workers.tasks.run import task

WEBHOOKS = job("webhooks")
WINDOWS = job("windows")


@task
def tell_pharmacies(*, event_id: int, **_later: object) -> None:
    """Queue a webhook for each pharmacy that an event concerns, and send what is due."""
    if queue_deliveries(event_id=event_id, by=WEBHOOKS, at=clock.now()):
        deliver_due(by=WEBHOOKS, at=clock.now())


@task
def sweep_webhooks() -> None:
    """Send what is due again."""
    deliver_due(by=WEBHOOKS, at=clock.now())


@task
def sweep_windows() -> None:
    """Open lapsed claims again; expire prescriptions whose last day is over."""
    while lapse_claims(by=WINDOWS, at=clock.now()) == 100:
        pass
    while expire_prescriptions(by=WINDOWS, at=clock.now()) == 100:
        pass
