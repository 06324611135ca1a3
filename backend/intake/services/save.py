"""Save some answers of a draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.intake.answers import check_form, merged
from backend.intake.errors import BadAnswers
from backend.intake.models import IntakeResponse
from backend.intake.questionnaire import questionnaire
from backend.intake.rules import RESPONSES
from backend.kernel.actor import Actor


@service
def save_response(
    *,
    response_id: UUID,
    answers: Mapping[str, Any],
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> IntakeResponse:
    """Merge answers into a draft; null takes an answer back. Nothing need be complete yet.

    Raises NotAllowedFromHere (409), Stale (412) if another device saved since, and BadAnswers
    (422) with a JSON pointer for each answer that is none.
    """
    response = IntakeResponse.objects.select_for_update(of=("self",)).get(id=response_id)
    RESPONSES.check_move("save", response.status)
    check_version(response, expected_version)
    errors = check_form(questionnaire(response.questionnaire), answers)
    if errors:
        raise BadAnswers(errors=errors[:50])
    response.answers = merged(response.answers, answers)
    response.saved_at = at
    save_changes(response, "answers", "saved_at")
    facts = {"questions": " ".join(sorted(answers))}
    record(RESPONSES["save"].action, on=response, by=by, at=at, facts=facts)
    return response
