"""What is published: webhook types, event payloads, and the words for pharmacies."""

import json
from pathlib import Path

import jsonschema
import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from backend.kernel.text import Text
from backend.outbox.models import OutboxEvent
from backend.pharmacy import events
from backend.pharmacy.rules import RejectReason, ReturnReason
from backend.pharmacy.webhook_docs import message_schema
from backend.pharmacy.webhook_types import TYPES, WEBHOOK_TEST
from backend.pharmacy.wording import MENTAL_HEALTH, for_pharmacy
from backend.protocol import mood
from backend.protocol.ask import Rule
from backend.protocol.findings import Finding, Level, Who
from tests.callers import Caller
from tests.factories.accounts import ApiClientFactory
from tests.factories.pharmacy import DispenseFactory, WebhookEndpointFactory
from tests.pharmacy.counter import act, claim, claimed_prescription, dispense

ALL = (*TYPES, WEBHOOK_TEST)


@pytest.mark.parametrize("kind", ALL)
def test_the_committed_schema_of_a_message_is_the_present_one(kind):
    committed = json.loads(Path(f"api_schema/webhooks/{kind}.json").read_text())

    assert committed == message_schema(kind)
    jsonschema.Draft202012Validator.check_schema(committed)


def test_no_schema_is_left_of_a_type_that_is_gone():
    files = {path.stem for path in Path("api_schema/webhooks").glob("*.json")}

    assert files == set(ALL)


@pytest.mark.django_db
def test_the_webhooks_stand_in_the_openapi_document():
    document = SchemaGenerator().get_schema(public=True)

    assert document["openapi"].startswith("3.1")
    assert set(document["webhooks"]) == set(ALL)
    names = {p["name"] for p in document["webhooks"]["claim.lapsed"]["post"]["parameters"]}
    assert names == {"webhook-id", "webhook-timestamp", "webhook-signature"}
    validate_schema({**document, "paths": {}, "components": {}})


@pytest.mark.django_db
def test_every_event_of_the_pharmacy_follows_its_schema():
    row, client = claimed_prescription()
    act(client, row, "release", {})
    claim(client, row)
    given = dispense(client, row, 1).json()["handed_over"]["id"]
    body = {"capsules": 1, "reason": "other"}
    Caller(client).post(f"/v1/dispenses/{given}/record_return", body)
    endpoint = WebhookEndpointFactory(pharmacy=client.pharmacy)
    Caller(client).post(f"/v1/webhook_endpoints/{endpoint.ref}/disable", version=1)
    other, keeper = claimed_prescription()
    act(keeper, other, "reject", {"reason": "other"})

    said = [event for event in OutboxEvent.objects.all() if event.type in events.EVENTS]

    assert {event.type for event in said} == set(events.EVENTS) - {
        events.CLAIM_LAPSED,
        events.WEBHOOK_DELIVERY_GIVEN_UP,
    }
    for event in said:
        schema = json.loads(Path(f"api_schema/events/{event.type}.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(event.payload)


@pytest.mark.parametrize(
    ("event", "reasons"),
    [
        ("pharmacy.prescription.rejected", RejectReason),
        ("pharmacy.medicine.returned", ReturnReason),
    ],
)
def test_the_schema_of_an_event_knows_every_reason(event, reasons):
    schema = json.loads(Path(f"api_schema/events/{event}.json").read_text())

    assert set(schema["properties"]["reason"]["enum"]) == {reason.value for reason in reasons}


def finding(rule: str, level: Level = Level.HOLD) -> Finding:
    return Finding(
        rule=rule,
        level=level,
        message=Text("希死念慮があります", "PHQ-9 item 9 is 2"),
        evidence=(("phq.item9", "2"),),
        missing=("phq",),
        remedy=Text("精神科へ", "See a psychiatrist"),
        remedy_by=Who.PHYSICIAN,
        patient_message=None,
        source="F12",
    )


def test_a_pharmacy_never_reads_what_the_engine_wrote_for_the_physician():
    rules = ["C-19", "C-01", "W-04", "X-07"]

    shown = for_pharmacy([finding(rule) for rule in rules], "en")

    text = json.dumps(shown)
    assert "PHQ" not in text
    assert "psychiatrist" not in text
    assert [set(one) for one in shown] == [{"rule", "level", "message"}] * 4
    assert [one["rule"] for one in shown] == ["clinical", "C-01", "W-04", "X-07"]


def test_findings_come_the_most_severe_first_and_in_both_languages():
    found = [finding("W-04"), finding("C-01", Level.STOP)]

    assert [one["rule"] for one in for_pharmacy(found, "en")] == ["C-01", "W-04"]
    assert "本人確認" in for_pharmacy(found, "ja")[1]["message"]


def test_every_rule_about_the_mind_is_hidden_from_pharmacies():
    about_the_mind = {rule.id for rule in vars(mood).values() if isinstance(rule, Rule)}

    assert about_the_mind <= MENTAL_HEALTH
    assert about_the_mind


@pytest.mark.django_db
def test_a_pharmacys_answer_shows_no_review_of_the_physician():
    given = DispenseFactory()
    client = ApiClientFactory(pharmacy=given.pharmacy)

    body = Caller(client).get(f"/v1/prescriptions/{given.prescription.ref}").json()

    assert not {"visit", "return_note", "decline_reason", "findings"} & set(body)
