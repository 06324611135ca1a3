"""The hook order-sign: cards about the prescription that is about to be signed (feature 99)."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.api.models import IdempotencyKey
from backend.audit.models import AuditEntry
from backend.decision_support.orders import identifier_system
from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import Decision
from tests.callers import Caller
from tests.decision_support.hooks import (
    INSTANCE,
    about,
    author_of,
    cards,
    cards_about,
    order,
    request_for,
    send,
)
from tests.factories.formulary import LotFactory, ProductFactory
from tests.factories.prescriptions import (
    PrescriptionFactory,
    patient_on_doxycycline,
    ready_patient,
    ready_prescription,
)
from tests.prescriptions.people import do, physician_for

pytestmark = pytest.mark.django_db
COLITIS = {"conditions": {"conditions": ["ibd"]}}


@pytest.fixture
def row():
    return ready_prescription()


# What the cards say ----------------------------------------------------------------------


def test_one_card_a_finding_and_one_that_says_that_nothing_refuses(row):
    found = cards_about(row, author_of(row))

    path = f"/v1/prescriptions/{row.ref}/assessment"
    findings = Caller(author_of(row)).get(path).json()["findings"]
    assert [card["summary"].split()[0] for card in found[:-1]] == [f["rule"] for f in findings]
    assert {card["indicator"] for card in found[:-1]} <= {"info", "warning"}
    assert found[-1]["indicator"] == "info"
    assert found[-1]["summary"] == (
        "No rule refuses this prescription. Decision support: the physician decides."
    )


def test_what_refuses_the_signature_is_critical_and_comes_first():
    row = ready_prescription(patient_on_doxycycline())

    first, *rest = cards_about(row, author_of(row))

    assert first["summary"].startswith("C-11 block: ")
    assert first["indicator"] == "critical"
    assert not any("No rule refuses" in card["summary"] for card in rest)


def test_a_card_carries_rule_evidence_remedy_source_order_and_pack():
    row = ready_prescription(patient_on_doxycycline())

    card = cards_about(row, author_of(row))[0]

    assert card["detail"].startswith("**C-11 Tetracyclines** – block")
    assert "- Evidence: medicines = doxycycline" in card["detail"]
    assert "- What would change it: " in card["detail"]
    assert "- Source: " in card["detail"]
    assert "20 mg a day, 30 days" in card["detail"]
    assert row.ref.replace("_", r"\_") in card["detail"]
    assert "the physician decides" in card["detail"]
    assert "sign the pack off" in card["detail"]
    assert card["source"] == {
        "label": "Suhada jp_house_2026 (decision support, to be signed off before use)",
        "url": "http://127.0.0.1:8000/rules?pack=jp_house_2026&language=en",
    }


def test_a_card_names_the_facts_that_nobody_noted():
    row = ready_prescription(ready_patient(without=["allergies"]))

    found = cards_about(row, author_of(row))

    (missing,) = [card for card in found if card["summary"].startswith("C-06")]
    assert missing["indicator"] == "critical"
    assert "- Missing: allergies" in missing["detail"]
    assert "(patient)" in missing["detail"]


def test_a_senior_finding_is_a_warning_until_another_physician_signed_it_off():
    row = ready_prescription(ready_patient(said=COLITIS))
    before = cards_about(row, author_of(row))[0]
    do(row, "sign_off", {"rule": "C-20", "reason": "In remission."}, by=physician_for(row))

    after = cards_about(row, author_of(row))

    (signed,) = [card for card in after if card["summary"].startswith("C-20")]
    assert (before["indicator"], signed["indicator"]) == ("warning", "info")
    assert "signed off by another physician" in signed["detail"]
    assert "No rule refuses" in after[-1]["summary"]


def test_cards_are_in_the_readers_language_and_short_enough():
    row = ready_prescription(ready_patient(without=["allergies", "weights", "labs", "phq"]))

    for language in ("ja", "en"):
        found = cards_about(row, author_of(row), language=language)
        assert len(found) > 5
        for card in found:
            assert len(card["summary"]) < 140
            assert card["summary"].isascii() is (language == "en"), card["summary"]


def test_nothing_in_a_card_is_empty_and_nothing_can_be_accepted():
    row = ready_prescription(patient_on_doxycycline())

    for card in cards_about(row, author_of(row)):
        assert set(card) == {"uuid", "summary", "indicator", "detail", "source"}
        assert all(card.values())


def test_the_same_call_gets_the_same_card_ids_and_another_call_others(row):
    first, again = (cards_about(row, author_of(row)) for _ in range(2))
    body = request_for(author_of(row), row.patient, order(ref=row.ref))

    other = cards(send(author_of(row), {**body, "hookInstance": str(uuid.uuid4())}))

    ids = [card["uuid"] for card in first]
    assert ids == [card["uuid"] for card in again]
    assert len(set(ids)) == len(ids)
    assert not set(ids) & {card["uuid"] for card in other}


def test_a_name_cannot_smuggle_markup_into_the_detail():
    patient = ready_patient()
    product = ProductFactory(clinic=patient.clinic, name="[20 mg](https://evil.example) <img>")
    row = ready_prescription(patient, product=product, lot=LotFactory(product=product))

    detail = cards_about(row, author_of(row))[-1]["detail"]

    assert r"\[20 mg\](https://evil.example) \<img\>" in detail


# Which orders are ours -------------------------------------------------------------------


@pytest.mark.parametrize("status", ["draft", "in_review", "returned"])
def test_a_prescription_that_waits_for_its_signature_is_assessed(status):
    row = ready_prescription(status=status, **{status: True})

    assert "No rule refuses" in cards_about(row, author_of(row))[-1]["summary"]


@pytest.mark.parametrize("status", ["approved", "claimed", "dispensed", "voided", "declined"])
def test_of_one_that_does_not_it_is_said_that_it_was_not_assessed(status):
    row = PrescriptionFactory(**{status: True})

    (card,) = cards_about(row, author_of(row))

    assert card["indicator"] == "warning"
    assert f"status {status}" in card["summary"]
    assert "not assessed" in card["summary"]


def test_it_may_be_named_by_the_resources_own_id_or_under_our_system(row):
    by_id = about(row, order(resource_id=row.ref))
    by_system = about(row, order(ref=row.ref, system=identifier_system()))
    twice = about(row, order(ref=row.ref), order(ref=row.ref, resource_id="draft-2"))

    assert cards(by_id) == cards(by_system) == cards(twice)
    assert len(cards(by_id)) > 0


@pytest.mark.parametrize(
    "strange",
    [
        order(),
        order(ref="12345"),
        order(ref="rx_123", system="https://elsewhere.example/orders"),
        order(ref="rx_123", kind="ServiceRequest"),
    ],
)
def test_an_order_that_is_no_prescription_of_ours_gets_no_cards(row, strange):
    answer = about(row, strange)

    assert answer.json() == {"cards": []}


def test_a_bundle_without_orders_gets_no_cards(row):
    body = request_for(author_of(row), row.patient)
    body["context"]["draftOrders"] = {"resourceType": "Bundle"}

    assert send(author_of(row), body).json() == {"cards": []}


def test_the_dose_that_the_order_says_is_not_believed(row):
    said = order(ref=row.ref, dosageInstruction=[{"text": "200 mg a day"}])

    found = cards(about(row, said))

    assert all("20 mg a day" in card["detail"] for card in found)
    assert not any("200" in card["detail"] for card in found)


# What it leaves --------------------------------------------------------------------------


def test_asking_stores_nothing_and_is_recorded_as_a_look_at_the_patient(row):
    before = Decision.objects.count(), OutboxEvent.objects.count()

    cards_about(row, author_of(row))

    row.refresh_from_db()
    assert (row.status, row.version) == ("in_review", 1)
    assert (Decision.objects.count(), OutboxEvent.objects.count()) == before
    assert not IdempotencyKey.objects.exists()
    entry = AuditEntry.objects.get(action="cds_service.order_sign")
    assert (entry.outcome, entry.actor) == ("done", author_of(row).user.actor.label)
    assert entry.patient_ref == row.patient.ref
    assert entry.facts == {"hook_instance": INSTANCE, "prescriptions": row.ref}


def test_a_call_without_orders_of_ours_is_a_look_too(row):
    about(row, order())

    entry = AuditEntry.objects.get(action="cds_service.order_sign")
    assert (entry.patient_ref, entry.facts["prescriptions"]) == (row.patient.ref, "")


def test_the_number_of_queries_does_not_grow_with_orders_that_are_not_ours(row):
    cards(about(row, order(ref=row.ref)))  # the caches that every process fills once

    with CaptureQueriesContext(connection) as one:
        about(row, order(ref=row.ref))
    with CaptureQueriesContext(connection) as many:
        about(row, order(ref=row.ref), *[order(ref="7")] * 40)

    assert len(one) == len(many)
