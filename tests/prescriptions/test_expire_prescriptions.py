"""Closing what was not collected: by the patient's civil day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from backend.kernel.actor import job
from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import Prescription
from backend.prescriptions.services.expire_prescriptions import expire_prescriptions
from tests.factories.accounts import PatientFactory
from tests.factories.prescriptions import PrescriptionFactory

pytestmark = pytest.mark.django_db
LAST_DAY = date(2026, 3, 15)
MIDNIGHT_IN_TOKYO = datetime(2026, 3, 15, 15, tzinfo=UTC)
MIDNIGHT_IN_HONOLULU = datetime(2026, 3, 16, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def issued(zone="Asia/Tokyo", trait="approved", **more):
    patient = PatientFactory(zone=zone)
    return PrescriptionFactory(
        course__patient=patient, valid_until=LAST_DAY, **{trait: True}, **more
    )


def sweep(at, **more):
    return expire_prescriptions(by=job("sweep"), at=at, **more)


def status_of(row):
    return Prescription.objects.get(id=row.id).status


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [("Asia/Tokyo", MIDNIGHT_IN_TOKYO), ("Pacific/Honolulu", MIDNIGHT_IN_HONOLULU)],
)
def test_it_lives_through_its_last_day_where_the_patient_lives(zone, midnight):
    row = issued(zone=zone)

    assert (sweep(midnight - MINUTE), status_of(row)) == (0, "approved")
    assert (sweep(midnight), status_of(row)) == (1, "expired")


@pytest.mark.parametrize("trait", ["approved", "claimed", "partially_dispensed"])
def test_whatever_was_issued_and_not_finished_expires_and_is_announced(trait):
    row = issued(trait=trait)

    sweep(MIDNIGHT_IN_TOKYO)

    assert status_of(row) == "expired"
    event = OutboxEvent.objects.get()
    assert event.type == "prescriptions.prescription.expired"
    assert event.payload == {
        "prescription_id": row.ref,
        "patient_id": row.patient.ref,
        "was": trait,
    }


@pytest.mark.parametrize("trait", ["dispensed", "voided", "rejected", "expired"])
def test_what_is_finished_is_left_alone(trait):
    row = issued(trait=trait)

    assert (sweep(MIDNIGHT_IN_TOKYO), status_of(row)) == (0, trait)


def test_a_patient_on_a_test_clock_lives_by_that_clock():
    row = PrescriptionFactory(approved=True, valid_until=LAST_DAY)  # the clock says 10 March
    clock = row.patient.test_clock

    far_in_the_future = sweep(MIDNIGHT_IN_TOKYO + timedelta(days=400))
    clock.frozen_at = MIDNIGHT_IN_TOKYO
    clock.save()
    by_its_own_clock = sweep(datetime(2026, 1, 1, tzinfo=UTC))

    assert (far_in_the_future, by_its_own_clock) == (0, 1)
    assert OutboxEvent.objects.get().at == MIDNIGHT_IN_TOKYO


def test_a_round_takes_so_many_and_the_next_takes_the_rest():
    for _ in range(3):
        issued()

    assert [sweep(MIDNIGHT_IN_TOKYO, at_most=2) for _ in range(3)] == [2, 1, 0]
