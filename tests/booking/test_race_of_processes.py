"""Threads drift apart; processes at a gate meet. Both orders of everything come up."""

import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import pytest
from django.db import connection

from tests.booking import gate
from tests.booking.places import a_place
from tests.booking.racer import hold_each
from tests.factories.accounts import PhysicianFactory
from tests.factories.booking import SLOT, AvailabilityRuleFactory

pytestmark = pytest.mark.django_db(transaction=True)
RACERS, ROUNDS = 4, 16


def race(jobs):
    """Each list of wishes in a process of its own, round by round; how they went."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        len(jobs),
        mp_context=context,
        initializer=gate.enter,
        initargs=(context.Barrier(len(jobs)),),
    ) as pool:
        return sum(pool.map(hold_each, jobs), Counter())


@pytest.fixture(autouse=True)
def _in_this_database(monkeypatch):
    at = connection.settings_dict
    server = f"{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}"
    monkeypatch.setenv("DATABASE_URL", f"postgres://{server}/{at['NAME']}")


def all_day(physician):
    AvailabilityRuleFactory(physician=physician, starts_minute=0, ends_minute=1440, slot_minutes=15)


SLOTS = [SLOT.replace(hour=3 + n // 4, minute=15 * (n % 4)) for n in range(ROUNDS)]


def test_two_patients_and_two_physicians_crosswise_never_lock_each_other_out():
    place = a_place()
    clinic = place.patient.clinic_id
    physicians = [place.physician, PhysicianFactory(clinic=place.patient.clinic)]
    for physician in physicians:
        all_day(physician)
    jobs = [[] for _ in range(RACERS)]
    for turn, slot in enumerate(SLOTS):
        patients = [place.another_patient(), place.another_patient()]
        wishes = [(clinic, who.id, patient.id, slot) for who in physicians for patient in patients]
        for racer, job in enumerate(jobs):
            job.append(wishes[(racer + turn) % RACERS])

    went = race(jobs)

    assert went["held"] == 2 * ROUNDS
    assert set(went) == {"held", "slot_taken", "patient_busy"}
    assert went.total() == RACERS * ROUNDS
