"""What a pharmacy and the clock do to an issued prescription."""

from datetime import timedelta

import pytest

from backend.audit.models import AuditEntry
from backend.kernel.actor import Actor, Role, job
from backend.kernel.errors import NotAllowedFromHere
from backend.prescriptions.steps import move_prescription as move
from backend.prescriptions.steps.allow_next_course import allow_next_course
from backend.prescriptions.steps.lock_prescription import lock_prescription
from backend.prescriptions.steps.start_course import start_course
from tests.factories.accounts import PharmacyFactory
from tests.factories.prescriptions import NOW, TODAY, CourseFactory, PrescriptionFactory

pytestmark = pytest.mark.django_db
CLIENT = Actor(role=Role.PHARMACY_CLIENT, label="pharmacy_client:cli_test")


def locked(trait):
    return lock_prescription(PrescriptionFactory(**{trait: True}).id)


def test_a_claim_names_the_pharmacy_and_its_end():
    row = locked("approved")
    pharmacy = PharmacyFactory(clinic=row.clinic)
    until = NOW + timedelta(hours=24)

    move.claim_prescription(row, pharmacy=pharmacy, lapses_at=until, by=CLIENT, at=NOW)

    row.refresh_from_db()
    assert (row.status, row.claimed_by, row.claim_lapses_at) == ("claimed", pharmacy, until)
    assert row.version == 2
    assert AuditEntry.objects.get().facts == {"pharmacy_id": pharmacy.ref}


@pytest.mark.parametrize(
    ("give_back", "by"),
    [(move.release_prescription, CLIENT), (move.lapse_claim, job("sweep"))],
)
def test_a_claim_given_back_or_lapsed_opens_it_again(give_back, by):
    row = locked("claimed")

    give_back(row, by=by, at=NOW)

    row.refresh_from_db()
    assert (row.status, row.claimed_by, row.claim_lapses_at) == ("approved", None, None)


def test_a_rejection_keeps_its_reason_and_who_it_was():
    row = locked("claimed")

    move.reject_prescription(row, reason_code="out_of_stock", by=CLIENT, at=NOW)

    row.refresh_from_db()
    assert (row.status, row.reject_reason) == ("rejected", "out_of_stock")
    assert row.claimed_by is not None


def test_it_is_dispensed_in_part_and_then_in_full():
    row = locked("claimed")

    move.dispense_prescription(row, complete=False, by=CLIENT, at=NOW)
    assert row.status == "partially_dispensed"
    move.dispense_prescription(row, complete=True, by=CLIENT, at=NOW)

    row.refresh_from_db()
    assert (row.status, row.version) == ("dispensed", 3)


@pytest.mark.parametrize(
    ("trait", "step"),
    [
        ("in_review", "claim"),
        ("claimed", "claim"),
        ("dispensed", "claim"),
        ("approved", "release"),
        ("partially_dispensed", "release"),
        ("approved", "reject"),
        ("approved", "dispense"),
        ("dispensed", "dispense"),
        ("voided", "dispense"),
        ("expired", "dispense"),
        ("dispensed", "expire"),
    ],
)
def test_a_step_from_the_wrong_state_is_refused_and_changes_nothing(trait, step):
    row = locked(trait)
    steps = {
        "claim": lambda: move.claim_prescription(
            row, pharmacy=PharmacyFactory(), lapses_at=NOW, by=CLIENT, at=NOW
        ),
        "release": lambda: move.release_prescription(row, by=CLIENT, at=NOW),
        "reject": lambda: move.reject_prescription(row, reason_code="x", by=CLIENT, at=NOW),
        "dispense": lambda: move.dispense_prescription(row, complete=True, by=CLIENT, at=NOW),
        "expire": lambda: move.expire_prescription(row, by=CLIENT, at=NOW),
    }

    with pytest.raises(NotAllowedFromHere):
        steps[step]()

    row.refresh_from_db()
    assert (row.status, row.version) == (trait, 1)


def test_the_first_hand_over_starts_the_course_and_later_ones_leave_it():
    course = CourseFactory()

    started = start_course(course, on=TODAY, by=CLIENT, at=NOW)
    again = start_course(course, on=TODAY + timedelta(days=30), by=CLIENT, at=NOW)

    assert (started.status, again.started_on) == ("running", TODAY)
    assert again.version == 2


@pytest.mark.parametrize("trait", ["halted", "ended", "cancelled"])
def test_a_course_that_does_not_go_on_cannot_start(trait):
    with pytest.raises(NotAllowedFromHere):
        start_course(CourseFactory(**{trait: True}), on=TODAY, by=CLIENT, at=NOW)


def test_only_an_ended_course_opens_the_door_for_the_next():
    with pytest.raises(NotAllowedFromHere):
        allow_next_course(CourseFactory(running=True), by=CLIENT, at=NOW)
