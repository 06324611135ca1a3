"""Many at once, each with a connection of its own, all through the API."""

from collections import Counter

import pytest

from backend.booking.models import Visit
from backend.outbox.models import OutboxEvent
from tests.at_once import at_once
from tests.callers import Caller
from tests.factories.accounts import PhysicianFactory
from tests.factories.booking import NOW, SLOT, AvailabilityRuleFactory, VisitFactory

pytestmark = pytest.mark.django_db(transaction=True)


def answered(*acts):
    """What was answered to acts at the same moment: statuses and codes, counted."""
    return Counter((reply.status_code, reply.json().get("code")) for reply in at_once(*acts))


def test_fifty_hold_one_slot_and_one_gets_it(place):
    patients = [place.another_patient() for _ in range(50)]

    answers = answered(*(lambda patient=patient: place.hold(patient) for patient in patients))

    assert answers == {(201, None): 1, (409, "slot_taken"): 49}
    assert Visit.objects.get().status == "held"


def test_adjacent_slots_are_held_at_once(place):
    first, second = place.another_patient(), place.another_patient()
    later = SLOT.replace(minute=30)

    answers = answered(lambda: place.hold(first), lambda: place.hold(second, later))

    assert answers == {(201, None): 2}


def test_one_patient_holds_the_same_time_with_two_physicians(place):
    other = PhysicianFactory(clinic=place.patient.clinic)
    AvailabilityRuleFactory(physician=other)
    body = {"physician": other.ref, "starts_at": SLOT.isoformat()}

    answers = answered(
        *[place.hold] * 4,
        *[lambda: Caller(place.patient).post("/v1/visits", body)] * 4,
    )

    assert answers[(201, None)] == 1
    assert {status for status, _ in answers} == {201, 409}
    assert Visit.objects.count() == 1


def test_an_expired_hold_is_fought_over_and_one_gets_it(place):
    VisitFactory(physician=place.physician, patient=place.patient, held=True, hold_expires_at=NOW)
    patients = [place.another_patient() for _ in range(8)]

    answers = answered(*(lambda patient=patient: place.hold(patient) for patient in patients))

    assert answers == {(201, None): 1, (409, "slot_taken"): 7}
    assert sorted(Visit.objects.values_list("status", flat=True)) == ["expired", "held"]


def test_a_patient_never_gets_past_the_cap(place):
    VisitFactory(patient=place.patient, physician=place.physician)
    times = [SLOT.replace(hour=hour, minute=minute) for hour in (1, 2) for minute in (0, 30)]

    answers = answered(*(lambda at=at: place.hold(starts_at=at) for at in times))

    assert answers == {(201, None): 2, (409, "too_many_open_visits"): 2}


def test_confirming_and_cancelling_at_once_has_one_winner(place):
    visit = VisitFactory(patient=place.patient, physician=place.physician, held=True)
    path = f"/v1/visits/{visit.ref}"
    caller = Caller(place.patient)

    answers = answered(
        lambda: caller.post(f"{path}/confirm", version=1),
        lambda: Caller(place.patient).post(f"{path}/cancel", {"reason": "unwell"}, version=1),
    )

    assert answers[(200, None)] == 1
    assert OutboxEvent.objects.count() == 1


def test_one_key_sent_eight_times_has_one_effect(place):
    answers = answered(*[lambda: place.hold(key="one")] * 8)

    assert set(answers) <= {(201, None), (409, "idempotency_key_in_flight")}
    assert Visit.objects.count() == 1
