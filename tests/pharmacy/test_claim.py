"""Claiming: one pharmacy at a time, for a day, and only what the rules clear."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from backend.pharmacy.rules import claim_lapses_at
from backend.prescriptions.models import Decision
from tests.factories.accounts import PhysicianFactory
from tests.factories.prescriptions import NOW, PrescriptionFactory
from tests.factories.records import PregnancyTestFactory
from tests.factories.worklist import TaskFactory
from tests.pharmacy.counter import (
    act,
    approved_prescription,
    claim,
    claimed_prescription,
    client_of,
    set_clock,
)

pytestmark = pytest.mark.django_db


def test_a_claim_is_exclusive_recorded_and_announced():
    row = approved_prescription()
    client = client_of(row.clinic)

    answer = claim(client, row)

    assert answer.status_code == 200, answer.json()
    body = answer.json()
    assert (body["status"], body["claimed_by"]) == ("claimed", client.pharmacy.ref)
    assert body["available_actions"] == ["release", "reject", "dispense"]
    assert body["claim_lapses_at"] == "2026-03-11T03:00:00Z"
    row.refresh_from_db()
    assert answer["ETag"] == f'"{row.version}"'
    decision = Decision.objects.get(moment="claim")
    assert (decision.purpose, decision.facts["dispense"]["step"]) == ("dispense", "claim")
    assert AuditEntry.objects.filter(action="prescription.claim", outcome="done").count() == 1
    event = OutboxEvent.objects.get(type="pharmacy.prescription.claimed")
    assert event.payload["pharmacy_id"] == client.pharmacy.ref


def test_a_second_pharmacy_is_told_that_it_is_claimed_though_its_list_does_not_show_it():
    row, _ = claimed_prescription()
    other = client_of(row.clinic)

    answer = claim(other, row, version=1)

    assert (answer.status_code, answer.json()["code"]) == (409, "already_claimed")
    assert answer.json()["claim_lapses_at"].startswith("2026-03-11T03:00:00")
    row.refresh_from_db()
    assert row.status == "claimed"


def test_claiming_twice_is_refused_by_the_status():
    row, client = claimed_prescription()

    answer = claim(client, row)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


def test_a_claim_lapses_after_24_hours_and_is_taken_over():
    row, first = claimed_prescription()
    other = client_of(row.clinic)
    set_clock(row, NOW + timedelta(hours=24, seconds=-1))
    early = claim(other, row)
    set_clock(row, NOW + timedelta(hours=24))

    answer = claim(other, row)

    assert (early.status_code, answer.status_code) == (409, 200)
    assert answer.json()["claimed_by"] == other.pharmacy.ref
    lapse = OutboxEvent.objects.get(type="pharmacy.claim.lapsed")
    assert lapse.payload["pharmacy_id"] == first.pharmacy.ref
    assert act(first, row, "release", {}).status_code == 404


def test_on_the_last_day_a_claim_ends_with_the_day_where_the_patient_lives():
    row = approved_prescription()
    noon = datetime.combine(row.valid_until, time(12), ZoneInfo("Asia/Tokyo"))
    set_clock(row, noon.astimezone(UTC))

    answer = claim(client_of(row.clinic), row)

    midnight = noon.replace(hour=0) + timedelta(days=1)
    assert answer.status_code == 200, answer.json()
    assert datetime.fromisoformat(answer.json()["claim_lapses_at"]) == midnight


@pytest.mark.parametrize(
    ("at", "lapses_at"),
    [
        (datetime(2026, 3, 13, 14, 59, tzinfo=UTC), datetime(2026, 3, 14, 14, 59, tzinfo=UTC)),
        (datetime(2026, 3, 14, 15, 0, tzinfo=UTC), datetime(2026, 3, 15, 15, 0, tzinfo=UTC)),
        (datetime(2026, 3, 14, 15, 1, tzinfo=UTC), datetime(2026, 3, 15, 15, 0, tzinfo=UTC)),
    ],
)
def test_w_03_twenty_four_hours_or_the_end_of_the_last_day_whichever_is_first(at, lapses_at):
    found = claim_lapses_at(at, valid_until=date(2026, 3, 15), zone="Asia/Tokyo")

    assert found == lapses_at


def test_w_03_the_last_day_ends_when_it_ends_there_though_the_clocks_change():
    at = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # London goes to summer time at 01:00 UTC

    found = claim_lapses_at(at, valid_until=date(2026, 3, 29), zone="Europe/London")

    assert found == datetime(2026, 3, 29, 23, 0, tzinfo=UTC)


def test_after_the_last_day_there_is_nothing_to_claim():
    row = approved_prescription()
    day_after = datetime.combine(
        row.valid_until + timedelta(days=1), time(0), ZoneInfo("Asia/Tokyo")
    )
    set_clock(row, day_after.astimezone(UTC))

    answer = claim(client_of(row.clinic), row)

    assert (answer.status_code, answer.json()["code"]) == (410, "prescription_expired")
    row.refresh_from_db()
    assert row.status == "approved"


def test_an_expired_prescription_is_gone():
    row = PrescriptionFactory(expired=True)

    answer = claim(client_of(row.clinic), row)

    assert (answer.status_code, answer.json()["code"]) == (410, "prescription_expired")


@pytest.mark.parametrize("status", ["voided", "rejected", "dispensed"])
def test_what_was_issued_once_says_why_it_cannot_be_claimed(status):
    row = PrescriptionFactory(**{status: True})

    answer = claim(client_of(row.clinic), row)

    assert (answer.status_code, answer.json()["status_now"]) == (409, status)


@pytest.mark.parametrize("status", ["draft", "in_review", "returned", "declined", "cancelled"])
def test_what_was_never_issued_does_not_exist_for_a_pharmacy(status):
    row = PrescriptionFactory(**{status: True})

    assert claim(client_of(row.clinic), row).status_code == 404


def test_another_clinics_pharmacy_and_one_of_the_other_kind_find_nothing():
    row = approved_prescription()

    for client in (client_of(PhysicianFactory().clinic), client_of(row.clinic, "community")):
        assert claim(client, row).status_code == 404


def test_nobody_but_a_pharmacy_claims():
    row = approved_prescription()

    for who in (row.patient, PhysicianFactory(clinic=row.clinic)):
        assert claim(who, row).status_code == 403


def test_a_claim_asks_for_the_version_that_was_read():
    row = approved_prescription()

    assert claim(client_of(row.clinic), row, version=row.version + 1).status_code == 412


def test_a_positive_test_after_the_approval_stops_the_claim_and_says_little():
    row = approved_prescription()
    PregnancyTestFactory(patient=row.patient, taken_on=date(2026, 3, 10), result="positive")

    answer = claim(client_of(row.clinic), row)

    body = answer.json()
    assert (answer.status_code, body["code"]) == (409, "facts_changed")
    assert all(set(finding) == {"rule", "level", "message"} for finding in body["findings"])
    assert "positive" not in answer.content.decode()
    row.refresh_from_db()
    assert (row.status, row.claimed_by) == ("voided", None)
    assert {kept.decision for kept in Decision.objects.filter(moment="claim")} == {"block"}


def test_a_finding_is_said_in_the_language_of_the_reader():
    row = approved_prescription()
    PregnancyTestFactory(patient=row.patient, taken_on=date(2026, 3, 10), result="positive")

    answer = act(client_of(row.clinic), row, "claim", {}, language="ja")

    assert "クリニック" in answer.json()["findings"][0]["message"]


def test_an_open_task_that_blocks_release_comes_before_any_claim():
    row = approved_prescription()
    client = client_of(row.clinic)
    TaskFactory(patient=row.patient, blocks_release=False)
    task = TaskFactory(patient=row.patient, blocks_release=True)

    refused = claim(client, row)
    type(task).objects.filter(id=task.id).delete()
    taken = claim(client, row)

    assert (refused.status_code, refused.json()["code"]) == (409, "awaiting_physician")
    assert taken.status_code == 200, taken.json()
