"""What intake announces is as the schemas say."""

import json
from pathlib import Path

import jsonschema
import pytest

from backend.intake.events import EVENTS
from backend.outbox.models import OutboxEvent
from tests.callers import Caller
from tests.factories.accounts import PatientFactory
from tests.factories.intake import IntakeResponseFactory, answers

pytestmark = pytest.mark.django_db
SCHEMAS = Path(__file__).parents[2] / "api_schema" / "events"


def test_every_announcement_follows_its_schema():
    patient = PatientFactory(on_clock=True)
    caller = Caller(patient)
    draft = IntakeResponseFactory(patient=patient, answers=answers())

    caller.post(f"/v1/intake_responses/{draft.ref}/submit", version=1)
    treatment = next(
        one
        for one in caller.get("/v1/consent_documents").json()["data"]
        if one["code"] == "treatment"
    )
    signed = caller.post(
        "/v1/consent_signatures",
        {
            "document": treatment["id"],
            "text_sha256": treatment["text_sha256"],
            "typed_name": patient.name,
        },
    ).json()
    caller.post(f"/v1/consent_signatures/{signed['id']}/withdraw", version=1)

    announced = {event.type: event.payload for event in OutboxEvent.objects.all()}
    assert set(EVENTS) <= set(announced)
    for event in EVENTS:
        schema = json.loads((SCHEMAS / f"{event}.json").read_text())
        jsonschema.validate(announced[event], schema)
