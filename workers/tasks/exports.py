"""Exports of the audit trail: built when they are asked for, signed by the sealer, not kept."""

from uuid import UUID

from backend import clock
from backend.auditor.building import build_export
from backend.auditor.queries import awaiting_signature
from backend.auditor.services.claim_export import claim_export
from backend.auditor.services.expire_exports import expire_exports
from backend.auditor.services.finish_export import finish_export
from backend.kernel.actor import job
from backend.kernel.errors import LeaseLost
from workers.tasks.run import long_task, task, uuid_of

EXPORTS = job("exports")


@long_task
def build(*, audit_export_id: str, **_later: object) -> None:
    """Build the export that was asked for."""
    _build(uuid_of(audit_export_id))


@long_task
def build_waiting() -> None:
    """Build what was asked for and not built, or left half-built by a worker that died."""
    while _build(None):
        pass


@task
def sweep() -> None:
    """Finish what the sealer has signed; drop what is not kept any longer."""
    for export_id in awaiting_signature():
        finish_export(export_id=export_id, by=EXPORTS, at=clock.now())
    while expire_exports(by=EXPORTS, at=clock.now()):
        pass


def _build(export_id: UUID | None) -> bool:
    export = claim_export(export_id=export_id, by=EXPORTS, at=clock.now())
    if export is None:
        return False
    try:
        build_export(export, by=EXPORTS, at=clock.now())
    except LeaseLost:  # it took too long, and another worker has it
        return False
    return True
