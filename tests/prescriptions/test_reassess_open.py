"""A pack changes: the decisions of open prescriptions are asked under it, each one once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.audit.models import AuditEntry
from backend.kernel.actor import job
from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import Decision, Reassessment
from backend.prescriptions.services import reassess_open as module
from backend.prescriptions.services.reassess_open import reassess_open
from backend.protocol.pack import NoSuchPack, load
from backend.rulebook.models import RulePackVersion
from backend.worklist.models import Task
from tests.at_once import at_once
from tests.factories.accounts import ClinicFactory
from tests.factories.prescriptions import NOW, DecisionFactory
from tests.prescriptions.minors import GROWN_UP, MINOR, decided, prescription
from tests.protocol import situations
from tests.protocol.situations import UK, UK_2023

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 16, 9, tzinfo=UTC)


@pytest.fixture
def clinic():
    return ClinicFactory(programme="uk", zone="Europe/London")


def review(clinic, pack=UK_2023, **more):
    return reassess_open(clinic_id=clinic.id, pack_id=pack, by=job("packs"), at=AT, **more)


def test_where_the_pack_is_more_severe_the_physician_is_told(clinic):
    row = prescription(clinic)
    decision = decided(row)
    assert decision.decision == "clear"

    assert review(clinic) == 1

    task = Task.objects.get()
    assert (task.kind, task.priority, task.status) == ("pack_changed", "normal", "open")
    assert (task.patient, task.about_ref, task.blocks_release) == (row.patient, row.ref, False)
    assert (task.opened_at, task.due_at) == (NOW, NOW + timedelta(hours=24))  # the test clock's
    kept = Reassessment.objects.get()
    assert (kept.decision, kept.prescription, kept.patient) == (decision, row, row.patient)
    assert (kept.was, kept.becomes, kept.rules) == ("clear", "senior", ["C-05"])
    assert (kept.pack, kept.pack_version) == (UK_2023, load(UK_2023).version)
    assert (kept.task, kept.asked_at) == (task, NOW)


def test_it_leaves_an_entry_an_event_and_the_pack_and_touches_nothing_else(clinic):
    row = prescription(clinic)
    decision = decided(row)

    review(clinic)

    entry = AuditEntry.objects.get(action="decision.reassess")
    assert (entry.actor, entry.object_ref) == ("job:packs", decision.ref)
    assert entry.facts == {
        "about": row.ref,
        "was": "clear",
        "becomes": "senior",
        "rules": "C-05",
        "pack_version": load(UK_2023).version,
    }
    assert OutboxEvent.objects.get(type="worklist.task.opened").payload["kind"] == "pack_changed"
    assert RulePackVersion.objects.filter(version=load(UK_2023).version).exists()
    row.refresh_from_db()
    assert (row.status, row.version) == ("in_review", 1)
    assert Decision.objects.get(prescription=row) == decision


def test_where_it_says_the_same_nobody_is_called_and_that_it_was_asked_is_recorded(clinic):
    decided(prescription(clinic), GROWN_UP)

    assert review(clinic) == 1

    kept = Reassessment.objects.get()
    assert (kept.was, kept.becomes, kept.rules, kept.task) == ("clear", "clear", [], None)
    assert not Task.objects.exists()
    entry = AuditEntry.objects.get(action="decision.reassess")
    assert (entry.object_ref, entry.facts["becomes"]) == (kept.decision.ref, "the same")


def test_where_it_is_milder_nobody_is_called_but_it_is_recorded(clinic):
    decided(prescription(clinic), MINOR, pack=UK_2023)

    assert review(clinic, UK) == 1

    kept = Reassessment.objects.get()
    assert (kept.was, kept.becomes, kept.rules, kept.task) == ("senior", "clear", ["C-05"], None)
    assert AuditEntry.objects.filter(action="decision.reassess").count() == 1
    assert not Task.objects.exists()


def test_it_is_asked_as_of_the_instant_of_the_decision(clinic):
    """At situations.NOW the patient is 17; at AT's hour, years later, nobody would be."""
    decided(prescription(clinic))

    reassess_open(
        clinic_id=clinic.id, pack_id=UK_2023, by=job("packs"), at=AT + timedelta(days=3000)
    )

    assert Reassessment.objects.get().becomes == "senior"


def test_facts_that_cannot_be_read_any_more_hold(clinic):
    row = prescription(clinic)
    DecisionFactory(
        patient=row.patient, prescription=row, facts={"patient": {"humour": "x"}}, pack=UK
    )

    review(clinic)

    kept = Reassessment.objects.get()
    assert (kept.becomes, kept.rules) == ("hold", ["facts_not_readable"])
    assert kept.task is not None


def test_only_the_newest_decision_counts(clinic):
    row = prescription(clinic)
    decided(row, MINOR)
    newest = decided(row, GROWN_UP, at=situations.NOW + timedelta(seconds=1))
    decided(row, MINOR, purpose="checkin", at=situations.NOW + timedelta(seconds=2))

    assert review(clinic) == 1

    assert Reassessment.objects.get().decision == newest


def test_of_two_at_one_instant_the_later_row_counts(clinic):
    row = prescription(clinic)
    decided(row, MINOR)
    newest = decided(row, GROWN_UP, moment="approve")

    assert review(clinic) == 1

    assert Reassessment.objects.get().decision == newest


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        ("draft", 1),
        ("in_review", 1),
        ("returned", 1),
        ("approved", 1),
        ("claimed", 1),
        ("partially_dispensed", 1),
        ("dispensed", 0),
        ("declined", 0),
        ("cancelled", 0),
        ("voided", 0),
        ("expired", 0),
        ("rejected", 0),
    ],
)
def test_open_prescriptions_are_asked_and_closed_ones_are_not(clinic, status, asked):
    decided(prescription(clinic, status=status))

    assert review(clinic) == asked


def test_another_clinics_are_not_asked(clinic):
    decided(prescription(ClinicFactory(programme="uk")))

    assert review(clinic) == 0


def test_a_decision_by_this_very_version_is_not_asked(clinic):
    decided(prescription(clinic), pack=UK_2023)

    assert review(clinic) == 0


def test_twice_is_once(clinic):
    decided(prescription(clinic))

    assert (review(clinic), review(clinic)) == (1, 0)

    assert Task.objects.count() == Reassessment.objects.count() == 1


def test_a_new_decision_is_asked_again_without_a_second_task(clinic):
    row = prescription(clinic)
    decided(row)
    review(clinic)
    decided(row, at=situations.NOW + timedelta(seconds=1))

    assert review(clinic) == 1

    assert Reassessment.objects.count() == 2
    assert Task.objects.count() == 1


def test_it_goes_in_batches_until_fewer_come_back(clinic, monkeypatch):
    monkeypatch.setattr(module, "AT_A_TIME", 2)
    for _ in range(3):
        decided(prescription(clinic))

    assert [review(clinic), review(clinic), review(clinic)] == [2, 1, 0]

    assert Task.objects.count() == 3


def test_a_longer_batch_reads_no_more_often(clinic):
    def reads():
        with CaptureQueriesContext(connection) as asked:
            review(clinic)
        return len([one for one in asked if one["sql"].startswith("SELECT")])

    decided(prescription(clinic), GROWN_UP)
    few = reads()
    for _ in range(4):
        decided(prescription(clinic), GROWN_UP)

    assert reads() == few


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_open_one_task(clinic):
    decided(prescription(clinic))

    asked = at_once(lambda: review(clinic), lambda: review(clinic))

    assert sorted(asked) == [0, 1]
    assert Task.objects.count() == 1


def test_an_unknown_pack_is_refused(clinic):
    with pytest.raises(NoSuchPack):
        review(clinic, "uk_mhra_1999")
