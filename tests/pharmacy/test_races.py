"""Many at one counter: real connections, one outcome."""

from collections import Counter
from datetime import date

import pytest

from backend.outbox.models import OutboxEvent
from backend.pharmacy.models import Dispense, MedicineReturn
from backend.worklist.models import Task
from tests.at_once import at_once
from tests.callers import Caller
from tests.factories.care import physician_of
from tests.factories.pharmacy import DispenseFactory
from tests.factories.records import PregnancyTestFactory
from tests.pharmacy.counter import approved_prescription, claimed_prescription, client_of

pytestmark = pytest.mark.django_db(transaction=True)


def post(client, row, verb: str, body: dict):
    """One request with the version that everybody read before the race."""
    path, version = f"/v1/prescriptions/{row.ref}/{verb}", row.version
    return lambda: Caller(client).post(path, body, version=version)


def test_sixty_four_hand_overs_of_the_whole_hand_it_over_once():
    row, client = claimed_prescription()
    body = {"capsules": row.capsules, "identity_checked": True}

    answers = at_once(*[post(client, row, "dispense", body) for _ in range(64)])

    row.refresh_from_db()
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 63}
    assert (row.status, row.dispensed_capsules) == ("dispensed", row.capsules)
    assert Dispense.objects.count() == 1


def test_hand_overs_in_parts_add_up_to_the_quantity_and_no_more():
    """Without If-Match in the way: the ledger itself is asked, sixty-four at once."""
    row, _ = claimed_prescription()
    step = row.capsules // 10
    rows = [DispenseFactory.build(prescription=row, capsules=step) for _ in range(64)]
    for number, one in enumerate(rows, start=1):
        one.fill_no = number
        one.decision.save()

    def insert(one):
        def run() -> str:
            try:
                one.save(force_insert=True)
            except Exception as error:
                return str(error).split('"')[3]
            return "counted"

        return run

    answers = at_once(*map(insert, rows))

    row.refresh_from_db()
    assert Counter(answers) == {"counted": 10, "prescription_dispensed_within_capsules": 54}
    assert row.dispensed_capsules == row.capsules == 10 * step


def test_of_two_pharmacies_that_claim_at_once_one_has_it():
    row = approved_prescription()
    clients = [client_of(row.clinic) for _ in range(8)]

    answers = at_once(*[post(client, row, "claim", {}) for client in clients])

    row.refresh_from_db()
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
    winner = next(c for c, a in zip(clients, answers, strict=True) if a.status_code == 200)
    assert row.claimed_by == winner.pharmacy
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"already_claimed"}


def test_of_claims_at_once_after_a_change_one_voids_and_the_others_find_it_void():
    row = approved_prescription()
    clients = [client_of(row.clinic) for _ in range(8)]
    PregnancyTestFactory(patient=row.patient, taken_on=date(2026, 3, 10), result="positive")

    answers = at_once(*[post(client, row, "claim", {}) for client in clients])

    row.refresh_from_db()
    codes = Counter(answer.json()["code"] for answer in answers)
    assert codes == {"facts_changed": 1, "not_allowed_from_here": 7}
    assert (row.status, row.void_reason) == ("voided", "facts_changed")
    assert Task.objects.count() == 1
    assert OutboxEvent.objects.filter(type="prescriptions.prescription.voided").count() == 1


@pytest.mark.parametrize("_again", range(3))
def test_void_and_hand_over_at_once_have_one_outcome_and_both_are_told(_again):
    row, client = claimed_prescription()
    physician = physician_of(row.patient)
    body = {"capsules": row.capsules, "identity_checked": True}

    handed, voided = at_once(
        post(client, row, "dispense", body),
        post(physician, row, "void", {"reason": "clinical_change"}),
    )

    row.refresh_from_db()
    outcomes = {"dispensed": (200, 409), "voided": (409, 200)}
    assert (handed.status_code, voided.status_code) == outcomes[row.status]
    assert row.dispensed_capsules == (row.capsules if row.status == "dispensed" else 0)
    told = OutboxEvent.objects.filter(
        type__in=["pharmacy.dispense.completed", "prescriptions.prescription.voided"]
    )
    assert told.count() == 1


def test_returns_at_once_never_exceed_what_was_handed_over():
    given = DispenseFactory(capsules=10)
    client = client_of(given.prescription.clinic)
    client.pharmacy = given.pharmacy
    client.save()
    path, body = f"/v1/dispenses/{given.ref}/record_return", {"capsules": 4, "reason": "other"}

    answers = at_once(*[lambda: Caller(client).post(path, body) for _ in range(8)])

    assert Counter(answer.status_code for answer in answers) == {200: 2, 409: 6}
    assert MedicineReturn.objects.count() == 2
