"""The audit trail: is it sealed in time, and is it still what was written?"""

from backend import clock
from backend.audit.verify.trail import verify_trail
from backend.kernel.actor import job
from backend.operations.trail import report_verdict, verification_is_due, watch_trail
from workers.tasks.run import long_task, task

TRAIL = job("trail")


@task
def watch() -> None:
    """The alarm while records wait too long for the seal."""
    watch_trail(at=clock.now())


@long_task
def verify() -> None:
    """Once a night the whole trail; a night that was missed is made up for."""
    if verification_is_due(at=clock.now()):
        report_verdict(verdict=verify_trail(), by=TRAIL, at=clock.now())
