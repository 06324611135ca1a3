"""The tables themselves: no database."""

import pytest

from backend.kernel.actor import Role
from backend.kernel.errors import NotAllowedFromHere
from backend.prescriptions.rules import (
    COURSES,
    ISSUED,
    OPEN,
    PRESCRIPTIONS,
    CourseStatus,
    PrescriptionStatus,
    Priority,
)


def reachable(table, first):
    found, waiting = set(), {first}
    while waiting:
        status = waiting.pop()
        found.add(status)
        waiting |= {to for verb in table if status in verb.start for to in verb.to} - found
    return found


def test_every_status_is_reached_from_the_first():
    assert reachable(PRESCRIPTIONS, "draft") == set(PRESCRIPTIONS.statuses)
    assert reachable(COURSES, "not_started") == set(COURSES.statuses)


@pytest.mark.parametrize("status", ["dispensed", "voided", "expired", "rejected", "declined"])
def test_nothing_leads_back_from_a_final_status(status):
    assert reachable(PRESCRIPTIONS, status) == {status}


def test_everything_open_can_be_voided_with_its_course_and_everything_issued_expires():
    assert PRESCRIPTIONS["void_with_course"].start == frozenset(OPEN)
    assert PRESCRIPTIONS["expire"].start == frozenset(ISSUED)


def test_a_state_cannot_be_skipped():
    for status in (PrescriptionStatus.DRAFT, PrescriptionStatus.APPROVED):
        with pytest.raises(NotAllowedFromHere):
            PRESCRIPTIONS.check_move("dispense", status)


def test_who_signs_has_just_proved_who_they_are():
    assert [verb.name for verb in PRESCRIPTIONS if verb.fresh] == ["sign_off", "approve"]


def test_a_patient_and_an_auditor_change_nothing():
    for role in (Role.PATIENT, Role.AUDITOR, Role.CLINIC_STAFF):
        for table, statuses in ((PRESCRIPTIONS, PrescriptionStatus), (COURSES, CourseStatus)):
            assert [table.available(status, role) for status in statuses] == [[]] * len(statuses)


def test_the_administrator_sees_no_clinical_content():
    verbs = [*PRESCRIPTIONS, *COURSES]

    assert not [verb.name for verb in verbs if Role.CLINIC_ADMINISTRATOR in verb.roles]


def test_the_more_urgent_the_smaller_the_rank():
    assert (Priority.URGENT.rank, Priority.NORMAL.rank) == (1, 2)
