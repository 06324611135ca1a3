"""Throw a draft away."""

from datetime import datetime
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.intake.models import IntakeResponse
from backend.intake.rules import RESPONSES, ResponseStatus
from backend.kernel.actor import Actor


@service
def discard_response(
    *, response_id: UUID, expected_version: int | None = None, by: Actor, at: datetime
) -> IntakeResponse:
    """End a draft without an effect, for example to start with a newer questionnaire.

    Raises NotAllowedFromHere (409), Stale (412).
    """
    response = IntakeResponse.objects.select_for_update(of=("self",)).get(id=response_id)
    RESPONSES.check_move("discard", response.status)
    check_version(response, expected_version)
    response.status = ResponseStatus.DISCARDED.value
    save_changes(response, "status")
    record(RESPONSES["discard"].action, on=response, by=by, at=at)
    return response
