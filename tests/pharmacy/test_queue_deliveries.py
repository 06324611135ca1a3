"""Who is told what: only ids, only those concerned, once."""

import json
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from django.db import transaction

from backend.kernel.actor import job
from backend.outbox.emit import emit
from backend.pharmacy.models import WebhookDelivery
from backend.pharmacy.services.lapse_claims import lapse_claims
from backend.pharmacy.services.queue_deliveries import queue_deliveries
from backend.pharmacy.services.send_test import send_test
from backend.pharmacy.webhook_types import PRESCRIPTION_APPROVED
from tests.factories.accounts import PharmacyFactory
from tests.factories.pharmacy import NOW, WebhookEndpointFactory
from tests.factories.prescriptions import PrescriptionFactory

pytestmark = pytest.mark.django_db
JOB = job("webhooks")
APPROVED = "prescriptions.prescription.approved"
VOIDED = "prescriptions.prescription.voided"
EXPIRED = "prescriptions.prescription.expired"
RELEASED = "pharmacy.prescription.released"


@pytest.fixture
def clinic():
    return PharmacyFactory().clinic


def endpoint_at(clinic, kind="clinic_dispensary", **more):
    return WebhookEndpointFactory(pharmacy=PharmacyFactory(clinic=clinic, kind=kind), **more)


def prescription(clinic, status="approved", **more):
    return PrescriptionFactory(
        course__patient__clinic=clinic, course__patient__on_clock=False, **{status: True}, **more
    )


def happened(event: str, row, **more) -> int:
    payload = {"prescription_id": row.ref, "patient_id": row.patient.ref, **more}
    with transaction.atomic():
        return emit(event, at=NOW, payload=payload).id


def told(event_id: int) -> set:
    queue_deliveries(event_id=event_id, by=JOB, at=NOW)
    rows = WebhookDelivery.objects.filter(source=f"outbox:{event_id}")
    return {(row.endpoint_id, row.type) for row in rows}


def test_an_approval_is_told_to_the_pharmacies_that_may_claim_it(clinic):
    near = endpoint_at(clinic)
    endpoint_at(clinic, kind="community")
    endpoint_at(clinic, disabled=True)
    endpoint_at(clinic, events=["prescription.voided"])
    WebhookEndpointFactory()
    row = prescription(clinic)

    event_id = happened(APPROVED, row)

    assert told(event_id) == {(near.id, "prescription.approved")}
    message = WebhookDelivery.objects.get().payload
    assert message["data"] == {"prescription_id": row.ref, "sequence": event_id}
    assert WebhookDelivery.objects.get().patient == row.patient


def test_a_deactivated_pharmacy_is_told_nothing(clinic):
    WebhookEndpointFactory(pharmacy=PharmacyFactory(clinic=clinic, deactivated_at=NOW))

    assert told(happened(APPROVED, prescription(clinic))) == set()


def test_a_prescription_for_pharmacies_is_told_to_pharmacies_outside(clinic):
    endpoint_at(clinic)
    outside = endpoint_at(clinic, kind="mail_order")

    event_id = happened(APPROVED, prescription(clinic, route="pharmacy"))

    assert told(event_id) == {(outside.id, "prescription.approved")}


def test_an_event_that_comes_twice_is_told_once(clinic):
    endpoint_at(clinic)
    event_id = happened(APPROVED, prescription(clinic))

    first = queue_deliveries(event_id=event_id, by=JOB, at=NOW)
    second = queue_deliveries(event_id=event_id, by=JOB, at=NOW + timedelta(hours=1))

    assert (first, second) == (1, 0)
    assert WebhookDelivery.objects.get().created_at == NOW


@pytest.mark.parametrize(("event", "kind"), [(VOIDED, "voided"), (EXPIRED, "expired")])
def test_the_end_of_a_claimed_one_is_told_to_the_pharmacy_that_holds_it(clinic, event, kind):
    endpoint_at(clinic)
    row = prescription(clinic, "claimed")
    holder = WebhookEndpointFactory(pharmacy=row.claimed_by)

    event_id = happened(event, row, was="claimed")

    assert told(event_id) == {(holder.id, f"prescription.{kind}")}


def test_the_end_of_one_that_nobody_claimed_is_told_to_all_who_could(clinic):
    one, other = endpoint_at(clinic), endpoint_at(clinic)

    event_id = happened(VOIDED, prescription(clinic, "voided"), was="approved")

    assert told(event_id) == {
        (one.id, "prescription.voided"),
        (other.id, "prescription.voided"),
    }


@pytest.mark.parametrize("was", ["draft", "in_review", "returned"])
def test_the_end_of_one_that_was_never_issued_is_nobodys_business(clinic, was):
    endpoint_at(clinic)

    assert told(happened(VOIDED, prescription(clinic, "voided"), was=was)) == set()


def test_a_release_is_told_to_the_others_while_it_is_still_open(clinic):
    other = endpoint_at(clinic)
    row = prescription(clinic)
    giver = endpoint_at(clinic)
    pharmacy_id = giver.pharmacy.ref

    event_id = happened(RELEASED, row, pharmacy_id=pharmacy_id)
    taken = happened(RELEASED, prescription(clinic, "claimed"), pharmacy_id=pharmacy_id)

    assert told(event_id) == {(other.id, "prescription.released")}
    assert told(taken) == set()


def test_a_lapsed_claim_is_told_to_its_holder_and_opens_it_for_the_others(clinic):
    other = endpoint_at(clinic)
    row = prescription(clinic, "claimed", claim_lapses_at=NOW)
    holder = WebhookEndpointFactory(pharmacy=row.claimed_by)

    early = lapse_claims(by=JOB, at=NOW - timedelta(seconds=1))
    lapsed = lapse_claims(by=JOB, at=NOW)

    row.refresh_from_db()
    assert (early, lapsed, row.status, row.claimed_by) == (0, 1, "approved", None)
    event_id = happened("pharmacy.claim.lapsed", row, pharmacy_id=holder.pharmacy.ref)
    assert told(event_id) == {
        (holder.id, "claim.lapsed"),
        (other.id, "prescription.released"),
    }


def test_a_claim_lapses_by_the_clock_of_its_patient():
    row = PrescriptionFactory(claimed=True, claim_lapses_at=NOW + timedelta(hours=1))
    clock = row.patient.test_clock

    by_the_wall = lapse_claims(by=JOB, at=NOW + timedelta(days=300))
    clock.frozen_at = NOW + timedelta(hours=1)
    clock.save()
    by_the_patients = lapse_claims(by=JOB, at=NOW)

    assert (by_the_wall, by_the_patients) == (0, 1)


def test_what_is_sent_is_what_the_schema_says(clinic):
    endpoint = endpoint_at(clinic)
    row = prescription(clinic)
    told(happened(APPROVED, row))
    told(happened(RELEASED, row, pharmacy_id=PharmacyFactory().ref))
    told(happened(VOIDED, row, was="approved"))
    told(happened(EXPIRED, row, was="approved"))
    told(happened("pharmacy.claim.lapsed", row, pharmacy_id=endpoint.pharmacy.ref))
    send_test(endpoint_id=endpoint.id, by=JOB, at=NOW)

    messages = [delivery.payload for delivery in WebhookDelivery.objects.all()]

    assert len({message["type"] for message in messages}) == 6
    for message in messages:
        schema = json.loads(Path(f"api_schema/webhooks/{message['type']}.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(message)


def test_a_message_says_nothing_about_the_patient(clinic):
    endpoint_at(clinic)
    row = prescription(clinic)

    told(happened(APPROVED, row))

    text = json.dumps(WebhookDelivery.objects.get(type=PRESCRIPTION_APPROVED).payload)
    for secret in (row.patient.ref, row.patient.name, row.product.name, row.course.ref):
        assert secret not in text
