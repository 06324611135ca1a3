"""Start to answer a questionnaire."""

from datetime import datetime

from backend.accounts.models import Patient
from backend.audit.record import record
from backend.db import refused_by, service
from backend.intake.errors import DraftExists, NotTheNewest
from backend.intake.models import IntakeResponse
from backend.intake.questionnaire import newest, questionnaire
from backend.intake.rules import RESPONSES
from backend.kernel.actor import Actor


@service
def start_response(
    *, patient: Patient, questionnaire_id: str, by: Actor, at: datetime
) -> IntakeResponse:
    """Begin a draft that is pinned to this version of the questionnaire.

    Raises NotFound (404), NotTheNewest (409) for a version that is not asked any more,
    DraftExists (409): a patient has one draft at a time.
    """
    asked = questionnaire(questionnaire_id)
    if asked is not newest(asked.family):
        raise NotTheNewest(extra={"questionnaire": newest(asked.family).id})
    response = IntakeResponse(
        patient=patient,
        questionnaire=asked.id,
        questionnaire_sha256=asked.sha256,
        started_at=at,
    )
    with refused_by({"intake_response_one_draft": DraftExists}):
        response.save(force_insert=True)
    facts = {"questionnaire": asked.id, "questionnaire_sha256": asked.sha256}
    record(RESPONSES["start"].action, on=response, by=by, at=at, facts=facts)
    return response
