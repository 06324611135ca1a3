"""Handing over: the whole or a part, asked again on the day, never a capsule too many."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from backend.pharmacy.models import Dispense
from backend.pharmacy.rules import days_supplied
from backend.prescriptions.models import Decision
from tests.factories.formulary import LotFactory
from tests.factories.prescriptions import NOW
from tests.factories.records import PregnancyTestFactory
from tests.factories.worklist import TaskFactory
from tests.pharmacy.counter import (
    approved_prescription,
    claim,
    claimed_prescription,
    client_of,
    dispense,
    set_clock,
)

pytestmark = pytest.mark.django_db


def test_the_whole_is_handed_over_and_the_course_starts_today():
    row, client = claimed_prescription()

    answer = dispense(client, row, row.capsules)

    assert answer.status_code == 200, answer.json()
    body = answer.json()
    assert (body["status"], body["dispensed_capsules"]) == ("dispensed", row.capsules)
    handed_over = Dispense.objects.get()
    assert body["handed_over"]["id"] == handed_over.ref
    assert (handed_over.fill_no, handed_over.lot_id) == (1, row.lot_id)
    row.course.refresh_from_db()
    assert (row.course.status, row.course.started_on) == ("running", date(2026, 3, 10))
    event = OutboxEvent.objects.get(type="pharmacy.dispense.completed")
    assert event.payload == {
        "dispense_id": handed_over.ref,
        "prescription_id": row.ref,
        "course_id": row.course.ref,
        "patient_id": row.patient.ref,
        "first": "true",
        "complete": "true",
    }
    assert AuditEntry.objects.filter(action="prescription.dispense", outcome="done").count() == 1


def test_the_rules_are_asked_again_at_hand_over_and_the_answer_is_kept():
    row, client = claimed_prescription()

    dispense(client, row, row.capsules)

    decision = Decision.objects.get(moment="hand_over")
    assert decision.id == Dispense.objects.get().decision_id
    assert (decision.purpose, decision.decision) == ("dispense", "clear")
    assert decision.facts["dispense"]["step"] == "hand_over"
    assert Decimal(str(decision.facts["dispense"]["days_supplied"])) == row.days


def test_a_part_first_then_the_rest():
    row, client = claimed_prescription()
    part = row.capsules // 3

    first = dispense(client, row, part)
    second = dispense(client, row, row.capsules - part)

    assert (first.status_code, first.json()["status"]) == (200, "partially_dispensed")
    assert (second.status_code, second.json()["status"]) == (200, "dispensed")
    assert [d.fill_no for d in Dispense.objects.order_by("fill_no")] == [1, 2]
    said = OutboxEvent.objects.filter(type="pharmacy.dispense.completed").order_by("id")
    assert [(e.payload["first"], e.payload["complete"]) for e in said] == [
        ("true", "false"),
        ("false", "true"),
    ]
    days = [d.facts["dispense"]["days_supplied"] for d in _decisions()]
    assert Decimal(str(days[0])) < Decimal(str(days[1])) == row.days


def _decisions():
    return Decision.objects.filter(moment="hand_over").order_by("asked_at", "id")


def test_one_capsule_too_many_is_refused_and_says_what_remains():
    row, client = claimed_prescription()

    too_many = dispense(client, row, row.capsules + 1)
    dispense(client, row, row.capsules - 1)
    again = dispense(client, row, 2)
    last = dispense(client, row, 1)

    assert (too_many.status_code, too_many.json()["code"]) == (409, "more_than_remaining")
    assert (again.status_code, again.json()["remaining_capsules"]) == (409, 1)
    assert last.json()["status"] == "dispensed"


def test_a_second_fill_of_what_is_complete_is_refused():
    row, client = claimed_prescription()
    dispense(client, row, row.capsules)

    answer = dispense(client, row, 1)

    assert (answer.status_code, answer.json()["status_now"]) == (409, "dispensed")


@pytest.mark.parametrize(
    "body",
    [
        {"capsules": 0},
        {"capsules": -1},
        {"capsules": 1.0},
        {"capsules": "1"},
        {"capsules": True},
        {"capsules": 6001},
        {"identity_checked": "yes"},
        {"identity_checked": None},
        {"lot": "rx_01hqxv5y2k8m3n4p5q6r7s8t9v"},
        {"status": "dispensed"},
    ],
)
def test_what_is_not_well_formed_is_refused(body):
    row, client = claimed_prescription()

    answer = dispense(client, row, **{"capsules": 1, **body})

    assert answer.status_code == 400
    assert not Dispense.objects.exists()


def test_w_04_nothing_is_handed_to_somebody_whose_identity_is_not_checked():
    row, client = claimed_prescription()

    answer = dispense(client, row, row.capsules, identity_checked=False)

    body = answer.json()
    assert (answer.status_code, body["code"], body["decision"]) == (
        409,
        "dispensing_not_clear",
        "hold",
    )
    assert [finding["rule"] for finding in body["findings"]] == ["W-04"]
    row.refresh_from_db()
    assert (row.status, row.dispensed_capsules) == ("claimed", 0)


def test_w_01_a_fact_that_changed_after_the_claim_stops_the_hand_over():
    row, client = claimed_prescription()
    PregnancyTestFactory(patient=row.patient, taken_on=date(2026, 3, 10), result="positive")

    answer = dispense(client, row, row.capsules)

    assert (answer.status_code, answer.json()["code"]) == (409, "facts_changed")
    assert not Dispense.objects.exists()


def test_a_physicians_open_task_stops_the_hand_over():
    row, client = claimed_prescription()
    TaskFactory(patient=row.patient, blocks_release=True)

    assert dispense(client, row, 1).json()["code"] == "awaiting_physician"


def test_what_nobody_claimed_is_not_handed_over():
    row = approved_prescription()

    answer = dispense(client_of(row.clinic), row, 1)

    assert (answer.status_code, answer.json()["status_now"]) == (409, "approved")


def test_what_another_claimed_does_not_exist_at_this_counter():
    row, _ = claimed_prescription()

    assert dispense(client_of(row.clinic), row, 1).status_code == 404


def test_a_claim_that_lapsed_is_renewed_before_the_hand_over():
    row, client = claimed_prescription()
    set_clock(row, NOW + timedelta(hours=24))

    late = dispense(client, row, 1)
    claim(client, row)
    renewed = dispense(client, row, 1)

    assert (late.status_code, late.json()["code"]) == (409, "claim_lapsed")
    assert renewed.status_code == 200, renewed.json()


def test_the_rest_of_a_begun_one_waits_longer_than_the_claim_but_not_than_the_window():
    row, client = claimed_prescription()
    dispense(client, row, 1)
    last_noon = datetime.combine(row.valid_until, time(12), ZoneInfo("Asia/Tokyo"))
    set_clock(row, last_noon.astimezone(UTC))
    in_time = dispense(client, row, 1)
    set_clock(row, last_noon.astimezone(UTC) + timedelta(hours=12))

    late = dispense(client, row, 1)

    assert in_time.status_code == 200, in_time.json()
    assert (late.status_code, late.json()["code"]) == (409, "prescription_expired")


def test_a_voided_one_is_not_handed_over():
    row, client = claimed_prescription()
    row.status, row.void_reason, row.voided_at = "voided", "clinical_change", NOW
    row.save(update_fields=["status", "void_reason", "voided_at"])

    answer = dispense(client, row, 1)

    assert (answer.status_code, answer.json()["code"]) == (409, "prescription_voided")
    assert answer.json()["void_reason"] == "clinical_change"


def test_another_lot_of_the_same_product_and_importer_may_be_handed_over():
    row, client = claimed_prescription()
    other = LotFactory(product=row.product, importer=row.lot.importer)

    answer = dispense(client, row, 1, lot=other.ref)

    assert answer.status_code == 200, answer.json()
    assert Dispense.objects.get().lot == other


def test_a_strange_recalled_or_outdated_lot_is_not_handed_over():
    row, client = claimed_prescription()
    same = {"product": row.product, "importer": row.lot.importer}
    strange = LotFactory(clinic=row.clinic)
    recalled = LotFactory(**same, status="recalled", recalled_at=NOW, recall_reason="glass")
    outdated = LotFactory(**same, expires_on=date(2026, 3, 9))
    last_day = LotFactory(**same, expires_on=date(2026, 3, 10))

    for lot in (strange, recalled, outdated):
        answer = dispense(client, row, 1, lot=lot.ref)
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_lot")
    assert dispense(client, row, 1, lot=last_day.ref).status_code == 200


@pytest.mark.parametrize(
    ("expires_on", "status"), [(date(2026, 3, 29), 200), (date(2026, 3, 28), 409)]
)
def test_a_lot_is_good_until_the_last_of_its_capsules_is_taken(expires_on, status):
    row, client = claimed_prescription()
    other = LotFactory(product=row.product, importer=row.lot.importer, expires_on=expires_on)
    twenty_days = 20 * row.capsules // row.days

    answer = dispense(client, row, twenty_days, lot=other.ref)

    assert answer.status_code == status


def test_a_hand_over_asks_for_the_version_that_was_read():
    row, client = claimed_prescription()

    assert dispense(client, row, 1, version=row.version - 1).status_code == 412


@pytest.mark.parametrize(
    ("capsules", "strength_mg", "daily_mg", "days"),
    [(30, 20, 20, "30.000"), (10, 20, 30, "6.667"), (45, 20, 30, "30.000"), (1, 10, 200, "0.050")],
)
def test_w_05_days_are_milligrams_by_milligrams_a_day(capsules, strength_mg, daily_mg, days):
    assert days_supplied(capsules, strength_mg=strength_mg, daily_mg=daily_mg) == Decimal(days)
