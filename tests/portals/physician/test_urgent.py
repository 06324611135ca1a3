"""Urgent tasks stand above every page of a physician, and cannot be overlooked."""

from datetime import timedelta

import pytest

from backend.audit.models import AuditEntry
from tests.factories.accounts import PatientFactory, PhysicianFactory
from tests.factories.prescriptions import NOW
from tests.factories.worklist import TaskFactory
from tests.portals.reader import Reader

pytestmark = pytest.mark.django_db


def urgent(physician, **overrides):
    patient = PatientFactory(clinic=physician.clinic, on_clock=True)
    times = {"opened_at": NOW - timedelta(minutes=70), "due_at": NOW + timedelta(minutes=5)}
    return TaskFactory(patient=patient, **{"priority": "urgent", **times, **overrides})


def page(physician, path="/physician/"):
    return Reader(physician).get(path).content.decode()


def test_the_banner_says_how_many_and_how_long_on_the_patients_clock_the_oldest_has_waited():
    physician = PhysicianFactory()
    urgent(physician)
    urgent(physician, opened_at=NOW - timedelta(minutes=5))

    shown = page(physician)

    assert "2 urgent tasks" in shown
    assert "The oldest has waited 1 h 10 min" in shown
    assert "overdue" not in shown


def test_it_says_how_many_are_overdue():
    physician = PhysicianFactory()
    urgent(physician, due_at=NOW - timedelta(minutes=1))

    assert "1 overdue" in page(physician)


@pytest.mark.parametrize(
    "overrides",
    [
        {"priority": "normal"},
        {
            "status": "done",
            "outcome": "resolved",
            "done_at": NOW,
            "contacted_at": NOW - timedelta(minutes=1),
        },
    ],
    ids=["normal", "done"],
)
def test_what_is_not_urgent_or_done_raises_no_banner(overrides):
    physician = PhysicianFactory()
    if "status" in overrides:
        overrides = {**overrides, "done_by": physician.user}
    urgent(physician, **overrides)

    assert "urgent-banner" not in page(physician)


def test_tasks_of_another_clinic_raise_none():
    urgent(PhysicianFactory())

    assert "urgent-banner" not in page(PhysicianFactory())


def test_the_banner_by_itself_announces_what_was_added_and_leaves_no_entry():
    physician = PhysicianFactory()
    urgent(physician)

    same, more = (page(physician, f"/physician/urgent?seen={seen}") for seen in (1, 0))

    assert 'role="alert"' not in same
    assert 'role="alert"' in more
    assert not AuditEntry.objects.exists()


def test_a_patient_is_refused_the_banner():
    assert Reader(PatientFactory()).get("/physician/urgent").status_code == 403
