"""Submit a response: the answers become records, and the protocol is asked."""

from datetime import datetime, timedelta
from uuid import UUID

from backend.accounts.models import Patient
from backend.audit.record import record
from backend.clock import civil_day
from backend.db import check_version, save_changes, service
from backend.intake import events
from backend.intake.answers import check_complete
from backend.intake.errors import BadAnswers
from backend.intake.meaning import Meaning, meaning_of
from backend.intake.models import IntakeResponse
from backend.intake.prescreen import prescreen
from backend.intake.questionnaire import questionnaire
from backend.intake.rules import RESPONSES, ResponseStatus
from backend.kernel.actor import Actor
from backend.outbox.emit import emit
from backend.protocol.findings import Assessment
from backend.records.models import PhqScore
from backend.records.steps.note import note_phq, note_statement
from backend.worklist.rules import Priority, TaskKind
from backend.worklist.steps.open_task import open_task

MOOD_CALL_WITHIN = timedelta(hours=1)  # C-19, R-02: a human calls now
PHQ_QUESTIONS = 9


@service
def submit_response(
    *, response_id: UUID, expected_version: int | None = None, by: Actor, at: datetime
) -> IntakeResponse:
    """Submit a draft; records, PHQ, pre-screen and an urgent task stand or fall with it.

    The pre-screen is decision support: whatever it says, the patient may book a visit. Raises
    NotAllowedFromHere (409), Stale (412), BadAnswers (422) with a JSON pointer for each question
    that still needs an answer.
    """
    response = (
        IntakeResponse.objects.select_for_update(of=("self",))
        .select_related("patient__clinic")
        .get(id=response_id)
    )
    patient = response.patient
    RESPONSES.check_move("submit", response.status)
    check_version(response, expected_version)
    asked_for = questionnaire(response.questionnaire)
    today = civil_day(at, patient.zone)
    asked = asked_for.asked(response.answers, patient.birth_on, today)
    errors = check_complete(asked, response.answers)
    if errors:
        raise BadAnswers(errors=errors)

    meaning = meaning_of(asked, response.answers)
    phq = _note(meaning, patient, by=by, at=at)
    assessment = prescreen(patient, plan=asked_for.plan, at=at)
    _close(response, assessment, at)
    facts = {"decision": response.decision, "pack_version": response.pack_version}
    record(RESPONSES["submit"].action, on=response, by=by, at=at, facts=facts)
    emit(
        events.RESPONSE_SUBMITTED,
        at=at,
        payload={"intake_response_id": response.ref, "patient_id": patient.ref},
    )
    if phq is not None and phq.item9:
        open_task(
            patient=patient,
            kind=TaskKind.MOOD_RISK,
            priority=Priority.URGENT,
            due_at=at + MOOD_CALL_WITHIN,
            about_ref=response.ref,
            blocks_release=True,
            by=by,
            at=at,
        )
    return response


def _note(meaning: Meaning, patient: Patient, *, by: Actor, at: datetime) -> PhqScore | None:
    """Write what the answers mean into the record; returns the PHQ if it was asked."""
    for topic, value in meaning.statements.items():
        note_statement(patient=patient, topic=topic, value=value, by=by, at=at)
    scores = meaning.scores.get("phq", [])
    if len(scores) != PHQ_QUESTIONS:
        return None
    return note_phq(
        patient=patient,
        taken_on=civil_day(at, patient.zone),
        phq2=sum(scores[:2]),
        phq9=sum(scores),
        item9=scores[-1],
        by=by,
        at=at,
    )


def _close(response: IntakeResponse, assessment: Assessment, at: datetime) -> None:
    """Keep what the pre-screen said, by which pack, and close the response."""
    response.status = ResponseStatus.SUBMITTED.value
    response.submitted_at = at
    response.decision = assessment.decision.value
    response.pack, response.pack_version = assessment.pack, assessment.pack_version
    response.findings = [finding.as_json() for finding in assessment.findings]
    save_changes(response, "status", "submitted_at", "decision", "pack", "pack_version", "findings")
