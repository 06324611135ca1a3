"""Giving a claimed prescription back, for a while or for good."""

from datetime import timedelta

import pytest

from backend.outbox.models import OutboxEvent
from backend.worklist.models import Task
from tests.factories.prescriptions import NOW
from tests.pharmacy.counter import (
    act,
    approved_prescription,
    claim,
    claimed_prescription,
    client_of,
    dispense,
    set_clock,
)

pytestmark = pytest.mark.django_db


def test_what_is_released_can_be_claimed_by_another():
    row, client = claimed_prescription()

    released = act(client, row, "release", {})
    taken = claim(client_of(row.clinic), row)

    assert (released.status_code, released.json()["status"]) == (200, "approved")
    assert released.json()["claimed_by"] is None
    assert taken.status_code == 200, taken.json()
    event = OutboxEvent.objects.get(type="pharmacy.prescription.released")
    assert event.payload["pharmacy_id"] == client.pharmacy.ref


def test_a_rejection_gives_the_physician_a_task():
    row, client = claimed_prescription()

    answer = act(client, row, "reject", {"reason": "out_of_stock"})

    assert (answer.status_code, answer.json()["status"]) == (200, "rejected")
    assert answer.json()["reject_reason"] == "out_of_stock"
    task = Task.objects.get()
    assert (task.kind, task.about_ref, task.blocks_release) == (
        "prescription_rejected",
        row.ref,
        False,
    )
    event = OutboxEvent.objects.get(type="pharmacy.prescription.rejected")
    assert event.payload["reason"] == "out_of_stock"


@pytest.mark.parametrize("body", [{}, {"reason": "ill"}, {"reason": "other", "note": "x"}])
def test_a_rejection_gives_a_coded_reason(body):
    row, client = claimed_prescription()

    assert act(client, row, "reject", body).status_code == 400


@pytest.mark.parametrize(("verb", "body"), [("release", {}), ("reject", {"reason": "other"})])
def test_only_a_claimed_prescription_is_given_back(verb, body):
    row = approved_prescription()
    client = client_of(row.clinic)

    unclaimed = act(client, row, verb, body)
    claim(client, row)
    dispense(client, row, 1)
    begun = act(client, row, verb, body)

    assert (unclaimed.status_code, begun.status_code) == (409, 409)
    assert begun.json()["status_now"] == "partially_dispensed"


@pytest.mark.parametrize(("verb", "body"), [("release", {}), ("reject", {"reason": "other"})])
def test_anothers_claim_is_not_ours_to_give_back(verb, body):
    row, _ = claimed_prescription()

    assert act(client_of(row.clinic), row, verb, body).status_code == 404


@pytest.mark.parametrize(("verb", "body"), [("release", {}), ("reject", {"reason": "other"})])
def test_a_lapsed_claim_is_over_already(verb, body):
    row, client = claimed_prescription()
    set_clock(row, NOW + timedelta(hours=24))

    answer = act(client, row, verb, body)

    assert (answer.status_code, answer.json()["code"]) == (409, "claim_lapsed")
