"""When a pack changes: what the workers do about it, and what is kept."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection

from backend.kernel.actor import job
from backend.prescriptions.models import Reassessment
from backend.prescriptions.services.reassess_open import reassess_open
from tests.factories.accounts import ClinicFactory
from tests.factories.rulebook import PackActivationFactory
from tests.prescriptions.minors import MINOR, decided, prescription
from tests.protocol.situations import UK, UK_2023, US, US_2026
from workers.tasks import packs

pytestmark = pytest.mark.django_db
LIVE = {"course__patient__on_clock": False}
AT = datetime(2026, 6, 16, 9, tzinfo=UTC)


@pytest.fixture
def clinic():
    return ClinicFactory(programme="uk", zone="Europe/London")


def test_an_activation_reassesses_its_clinic_at_once_on_test_clocks_too():
    activation = PackActivationFactory(in_force_on=date(2026, 12, 1))
    on_clock = prescription(activation.clinic)
    live = prescription(activation.clinic, **LIVE)
    for row in (on_clock, live):
        decided(row, pack=US)

    packs.pack_activated(
        event_id=1,
        clinic_id=activation.clinic.ref,
        pack=activation.pack,
        pack_version=activation.pack_version,
        later_argument="ignored",
    )

    kept = Reassessment.objects.all()
    assert {row.prescription for row in kept} == {on_clock, live}
    assert {row.pack for row in kept} == {US_2026}


def test_the_sweep_asks_under_the_pack_of_the_patients_day(clinic):
    row = prescription(clinic, course__patient__zone="Asia/Tokyo", **LIVE)
    decided(row, MINOR, pack=UK_2023)

    with time_machine.travel(datetime(2026, 1, 21, 14, 59, tzinfo=UTC)):
        packs.review()
    assert not Reassessment.objects.exists()  # the old pack's last day in Tokyo

    with time_machine.travel(datetime(2026, 1, 21, 15, tzinfo=UTC)):
        packs.review()
        packs.review()
    assert Reassessment.objects.get().pack == UK


def test_each_patient_has_a_day_of_their_own_and_those_on_test_clocks_are_left_alone(clinic):
    in_tokyo = prescription(clinic, course__patient__zone="Asia/Tokyo", **LIVE)
    in_london = prescription(clinic, course__patient__zone="Europe/London", **LIVE)
    for row in (in_tokyo, in_london, prescription(clinic)):
        decided(row, MINOR, pack=UK_2023)

    with time_machine.travel(datetime(2026, 1, 21, 15, tzinfo=UTC)):
        packs.review()
    assert [row.prescription for row in Reassessment.objects.all()] == [in_tokyo]

    with time_machine.travel(datetime(2026, 1, 22, tzinfo=UTC)):
        packs.review()
    assert [row.prescription for row in Reassessment.objects.order_by("id")] == [
        in_tokyo,
        in_london,
    ]


def test_after_a_withdrawal_the_pack_before_it_is_asked():
    activation = PackActivationFactory(withdrawn=True)
    decided(prescription(activation.clinic, **LIVE), pack=US_2026)

    with time_machine.travel(datetime(2026, 9, 1, 13, tzinfo=UTC)):
        packs.pack_withdrawn(event_id=1, clinic_id=activation.clinic.ref, pack=activation.pack)

    assert Reassessment.objects.get().pack == US


def test_a_withdrawal_concerns_its_own_clinic_only(clinic):
    activation = PackActivationFactory(withdrawn=True)
    decided(prescription(clinic, **LIVE), pack=UK_2023)

    packs.pack_withdrawn(event_id=1, clinic_id=activation.clinic.ref, pack=activation.pack)

    assert not Reassessment.objects.exists()


def test_a_clinic_without_a_pack_in_force_is_passed_over(clinic):
    decided(prescription(clinic, **LIVE))

    with time_machine.travel(datetime(2020, 1, 1, tzinfo=UTC)):
        packs.review()

    assert not Reassessment.objects.exists()


@pytest.fixture
def kept(clinic):
    decided(prescription(clinic))
    reassess_open(clinic_id=clinic.id, pack_id=UK_2023, by=job("packs"), at=AT)
    return Reassessment.objects.get()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE prescriptions_reassessment SET becomes = 'clear'",
        "DELETE FROM prescriptions_reassessment",
    ],
)
def test_a_reassessment_stays(kept, sql):
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(sql)


def copied(kept, **changes):
    fields = ("patient", "prescription", "decision", "pack", "pack_version", "was", "becomes")
    values = {name: getattr(kept, name) for name in fields}
    return Reassessment.objects.create(**{**values, "rules": [], "asked_at": AT, **changes})


def test_a_decision_is_asked_once_under_a_version(kept):
    copied(kept, pack_version="uk_mhra_2023@0000000000000000")

    with pytest.raises(IntegrityError, match="reassessment_once_per_decision_and_pack"):
        copied(kept)


@pytest.mark.parametrize("change", [{"was": "fine"}, {"becomes": "maybe"}])
def test_a_reassessment_speaks_the_words_of_the_rules(kept, change):
    with pytest.raises(IntegrityError, match="reassessment_decisions_known"):
        copied(kept, pack_version="uk_mhra_2023@0000000000000000", **change)
