"""A fact that changed since the approval stops the claim and the hand-over."""

import pytest

from backend.audit.models import AuditEntry
from backend.pharmacy.models import Dispense
from tests.callers import Caller
from tests.factories.accounts import PhysicianFactory
from tests.pharmacy.counter import approved_prescription, claim, claimed_prescription, client_of
from tests.pharmacy.counter import dispense as hand_over

pytestmark = pytest.mark.django_db
PREGNANT = ("statements", {"topic": "pregnancy", "value": {"pregnant": True}})
CHANGES = {
    "C-01 she is pregnant": PREGNANT,
    "C-02 she declines contraception": (
        "statements",
        {"topic": "contraception", "value": {"declined": True}},
    ),
    "C-11 she takes doxycycline": (
        "statements",
        {"topic": "medicines", "value": {"medicines": [{"code": "doxycycline"}]}},
    ),
    "S-01 a medicine that nobody has classified": (
        "statements",
        {"topic": "medicines", "value": {"medicines": [{"code": "unclassified"}]}},
    ),
    "L-13 triglycerides of 900": (
        "lab_results",
        {
            "analyte": "triglycerides",
            "value": "900",
            "unit": "mg/dL",
            "fasting": True,
            "taken_on": "2026-03-10",
        },
    ),
    "C-19 she thinks of dying": (
        "phq_scores",
        {"phq9": 20, "item9": 2, "taken_on": "2026-03-10"},
    ),
}


def note(row, change):
    path, body = change
    caller = Caller(PhysicianFactory(clinic=row.clinic))
    answer = caller.post(f"/v1/{path}", {"patient": row.patient.ref, **body})
    assert answer.status_code == 201, answer.json()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_would_not_have_been_approved_is_not_claimed(change):
    row = approved_prescription()
    note(row, change)

    answer = claim(client_of(row.clinic), row)

    row.refresh_from_db()
    assert (answer.status_code, answer.json()["code"]) == (409, "facts_changed")
    assert "findings" not in answer.json()
    assert row.status == "approved"
    refused = AuditEntry.objects.get(action="prescription.claim", outcome="refused")
    assert refused.facts["code"] == "facts_changed"


@pytest.mark.parametrize("kind", ["weights", "lab_results", "phq_scores"])
def test_what_was_taken_back_since_is_missing_now(kind):
    row = approved_prescription()
    caller = Caller(PhysicianFactory(clinic=row.clinic))
    for noted in caller.get(f"/v1/{kind}", patient=row.patient.ref).json()["data"]:
        path = f"/v1/{kind}/{noted['id']}/retract"
        caller.post(path, {"reason": "wrong_patient"}, version=noted["version"])

    answer = claim(client_of(row.clinic), row)

    assert (answer.status_code, answer.json()["code"]) == (409, "facts_changed")


def test_a_change_between_claim_and_hand_over_or_between_two_parts_counts_too():
    row, client = claimed_prescription()
    first = hand_over(client, row, 10)
    note(row, PREGNANT)

    second = hand_over(client, row, 10)

    assert first.status_code == 200, first.json()
    assert (second.status_code, second.json()["code"]) == (409, "facts_changed")
    assert Dispense.objects.count() == 1


def test_a_change_that_would_have_been_approved_just_as_well_stops_nothing():
    row, client = claimed_prescription()
    note(row, ("weights", {"kg": "52.4", "taken_on": "2026-03-10"}))

    answer = hand_over(client, row, row.capsules)

    assert answer.status_code == 200, answer.json()
