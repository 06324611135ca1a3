"""A fact that changed since the approval voids the prescription at the claim or the hand-over."""

from datetime import date, timedelta

import pytest

from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from backend.pharmacy.models import Dispense
from backend.prescriptions.models import CourseHalt, Decision
from backend.worklist.models import Task
from tests.callers import Caller
from tests.factories.accounts import PhysicianFactory
from tests.factories.prescriptions import NOW, ready_patient
from tests.factories.records import WeightFactory
from tests.pharmacy.changes import (
    DOXYCYCLINE,
    PREGNANT,
    note,
    positive_test,
    scores,
    states,
    take_back,
    triglycerides,
)
from tests.pharmacy.counter import (
    approved_prescription,
    claim,
    claimed_prescription,
    client_of,
    set_clock,
)
from tests.pharmacy.counter import dispense as hand_over

pytestmark = pytest.mark.django_db


MILD = {
    "she is pregnant": (PREGNANT, "C-01"),
    "her test is positive": (positive_test(), "C-01"),
    "she declines contraception": (states("contraception", declined=True), "C-02"),
    "she breastfeeds": (states("breastfeeding", breastfeeding=True), "C-03"),
    "she takes doxycycline": (DOXYCYCLINE, "C-11"),
    "she had colitis, which another physician must sign": (
        states("conditions", conditions=["ibd"]),
        "C-20",
    ),
    "isotretinoin from elsewhere": (
        states("medicines", medicines=[{"code": "isotretinoin_other_source"}]),
        "S-01",
    ),
    "she has a positive depression score": (scores(12, 0), "clinical"),
}
SEVERE = {
    "triglycerides of 900": (triglycerides("900"), "L-13"),
    "she thinks of dying": (scores(20, 2), "clinical"),
}
VOIDED = "prescriptions.prescription.voided"
UNCLASSIFIED = states("medicines", medicines=[{"code": "unclassified", "text": "青い錠剤"}])


def refused_rules(answer):
    return {finding["rule"] for finding in answer.json()["findings"]}


@pytest.mark.parametrize(("change", "rule"), MILD.values(), ids=MILD.keys())
def test_what_would_not_have_been_approved_is_void_when_it_is_claimed(change, rule):
    row = approved_prescription()
    note(row, change)

    answer = claim(client_of(row.clinic), row)

    row.refresh_from_db()
    assert (answer.status_code, answer.json()["code"]) == (409, "facts_changed")
    assert rule in refused_rules(answer)
    assert (row.status, row.void_reason) == ("voided", "facts_changed")
    assert (row.course.status, row.claimed_by) == ("not_started", None)
    task = Task.objects.get()
    assert (task.kind, task.priority, task.about_ref) == ("facts_changed", "normal", row.ref)
    assert not task.blocks_release


@pytest.mark.parametrize(("change", "rule"), SEVERE.values(), ids=SEVERE.keys())
def test_what_says_stop_or_urgent_halts_the_course_as_well(change, rule):
    row = approved_prescription()
    note(row, change)

    answer = claim(client_of(row.clinic), row)

    row.refresh_from_db()
    assert answer.json()["code"] == "facts_changed"
    assert rule in refused_rules(answer)
    assert (row.status, row.void_reason) == ("voided", "facts_changed")
    assert row.course.status == "halted"
    assert CourseHalt.objects.get().findings
    task = Task.objects.get()
    assert (task.priority, task.blocks_release) == ("urgent", True)


def test_what_was_found_is_kept_recorded_and_announced():
    row = approved_prescription()
    note(row, DOXYCYCLINE)

    claim(client_of(row.clinic), row)

    kept = Decision.objects.get(prescription=row, moment="claim")
    assert (kept.purpose, kept.decision) == ("prescribe", "block")
    assert "C-11" in {finding["rule"] for finding in kept.findings}
    entry = AuditEntry.objects.get(action="prescription.void_for_facts")
    assert entry.facts == {"reason": "facts_changed", "was": "approved", "rules": "C-11"}
    refused = AuditEntry.objects.get(action="prescription.claim", outcome="refused")
    assert refused.facts["code"] == "facts_changed"
    told = OutboxEvent.objects.get(type=VOIDED)
    assert told.payload["reason"] == "facts_changed"


def test_a_pharmacy_learns_rules_and_levels_and_no_more():
    row = approved_prescription()
    note(row, DOXYCYCLINE)
    note(row, scores(12, 0))

    answer = claim(client_of(row.clinic), row)

    said = answer.content.decode()
    assert refused_rules(answer) == {"C-11", "clinical"}
    assert {tuple(finding) for finding in answer.json()["findings"]} == {
        ("rule", "level", "message")
    }
    assert not any(word in said for word in ("doxycycline", "テトラサイクリン", "PHQ", "C-18"))


def test_the_same_request_again_gets_the_same_answer_and_another_finds_it_void():
    row = approved_prescription()
    caller, path = Caller(client_of(row.clinic)), f"/v1/prescriptions/{row.ref}/claim"
    note(row, DOXYCYCLINE)
    first = caller.post(path, {}, version=row.version, key="key-1")

    again = caller.post(path, {}, version=row.version, key="key-1")
    another = caller.post(path, {}, version=row.version, key="key-2")

    assert (again.status_code, again.content) == (409, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert (another.status_code, another.json()["code"]) == (409, "not_allowed_from_here")
    assert Task.objects.count() == 1


def test_a_claim_that_lapsed_is_ended_and_what_it_held_is_void():
    row, _ = claimed_prescription()
    note(row, DOXYCYCLINE)
    set_clock(row, NOW + timedelta(hours=24))

    answer = claim(client_of(row.clinic), row)

    row.refresh_from_db()
    assert answer.json()["code"] == "facts_changed"
    assert (row.status, row.claimed_by) == ("voided", None)
    news = OutboxEvent.objects.filter(type__in=["pharmacy.claim.lapsed", VOIDED])
    assert [event.type for event in news.order_by("id")] == ["pharmacy.claim.lapsed", VOIDED]


def test_a_change_between_claim_and_hand_over_voids_it():
    row, client = claimed_prescription()
    note(row, PREGNANT)

    answer = hand_over(client, row, row.capsules)
    again = hand_over(client, row, row.capsules)

    row.refresh_from_db()
    assert answer.json()["code"] == "facts_changed"
    assert (row.status, row.void_reason) == ("voided", "facts_changed")
    assert (again.status_code, again.json()["code"]) == (409, "prescription_voided")
    assert not Dispense.objects.exists()


def test_a_change_between_two_parts_voids_the_rest_and_what_was_handed_over_stays_counted():
    row, client = claimed_prescription()
    first = hand_over(client, row, 10)
    note(row, positive_test())

    second = hand_over(client, row, 10)

    row.refresh_from_db()
    assert first.status_code == 200, first.json()
    assert (second.status_code, second.json()["code"]) == (409, "facts_changed")
    assert {"R-12", "P-JP-08"} <= refused_rules(second)
    assert (row.status, row.dispensed_capsules) == ("voided", 10)
    assert (row.course.status, row.course.halt_reason) == ("halted", "R-12")
    assert row.course.dispensed_mg == 10 * row.product.strength_mg


def test_a_change_that_would_have_been_approved_just_as_well_stops_nothing():
    row, client = claimed_prescription()
    note(row, ("weights", {"kg": "52.4", "taken_on": "2026-03-10"}))

    answer = hand_over(client, row, row.capsules)

    assert answer.status_code == 200, answer.json()


def test_what_only_grew_old_since_the_approval_voids_nothing():
    """D-19: by the day of the claim the weight is older than 30 days, as the approval's is."""
    patient = ready_patient(without=("weights",))
    WeightFactory(patient=patient, taken_on=date(2026, 2, 10))
    row = approved_prescription(patient=patient)
    set_clock(row, NOW + timedelta(days=3))

    answer = claim(client_of(row.clinic), row)

    assert answer.status_code == 200, answer.json()


def test_a_window_that_is_closed_or_not_open_yet_refuses_and_voids_nothing():
    """P-JP-02 and P-JP-06: another test opens it again, for the same prescription."""
    row = approved_prescription()
    home = {"result": "negative", "setting": "home", "taken_on": "2026-03-10"}
    note(row, ("pregnancy_tests", home))

    not_open = claim(client_of(row.clinic), row)
    take_back(row, "pregnancy_tests", since="2026-03-01")
    closed = claim(client_of(row.clinic), row)

    row.refresh_from_db()
    assert (not_open.json()["code"], refused_rules(not_open)) == (
        "dispensing_not_clear",
        {"P-JP-06"},
    )
    assert (closed.json()["code"], refused_rules(closed)) == ("dispensing_not_clear", {"P-JP-02"})
    assert (row.status, Task.objects.count()) == ("approved", 0)


def test_what_nobody_knows_any_more_waits_for_a_physician_and_goes_on_after():
    row = approved_prescription()
    client = client_of(row.clinic)
    note(row, UNCLASSIFIED)

    first, second = claim(client, row), claim(client, row)

    row.refresh_from_db()
    task = Task.objects.get()
    assert {first.status_code, second.status_code} == {409}
    assert {first.json()["code"], second.json()["code"]} == {"awaiting_physician"}
    assert (row.status, task.kind, task.blocks_release) == ("approved", "facts_unknown", True)
    note(row, states("medicines", medicines=[]))
    done = {"outcome": "resolved", "note": "ビタミン剤。"}
    physician = Caller(PhysicianFactory(clinic=row.clinic))
    physician.post(f"/v1/tasks/{task.ref}/complete", done, version=task.version)
    assert claim(client, row).status_code == 200


def test_what_nobody_knows_any_more_is_void_once_it_is_known_to_be_wrong():
    row = approved_prescription()
    note(row, UNCLASSIFIED)
    claim(client_of(row.clinic), row)
    note(row, DOXYCYCLINE)

    answer = claim(client_of(row.clinic), row)

    row.refresh_from_db()
    assert (answer.json()["code"], row.status) == ("facts_changed", "voided")


@pytest.mark.parametrize("kind", ["weights", "lab_results", "phq_scores", "pregnancy_tests"])
def test_what_was_taken_back_since_is_not_known(kind):
    row = approved_prescription()
    take_back(row, kind)

    answer = claim(client_of(row.clinic), row)

    row.refresh_from_db()
    assert (answer.status_code, answer.json()["code"]) == (409, "awaiting_physician")
    assert (row.status, Task.objects.get().kind) == ("approved", "facts_unknown")
