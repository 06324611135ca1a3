"""What PostgreSQL itself refuses, whatever the code does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from backend.booking.models import AvailabilityException, AvailabilityRule, Visit
from tests.factories.accounts import PhysicianFactory
from tests.factories.booking import (
    NOW,
    SLOT,
    AvailabilityExceptionFactory,
    AvailabilityRuleFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
TAKING = ["held", "booked", "in_progress", "completed"]
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("trait", TAKING)
@pytest.mark.parametrize("shift", [timedelta(0), 29 * MINUTE, -29 * MINUTE])
def test_a_physician_is_never_in_two_visits_at_once(trait, shift):
    first = VisitFactory(**{trait: True})

    with pytest.raises(IntegrityError, match="visit_physician_never_twice"):
        VisitFactory(physician=first.physician, starts_at=SLOT + shift)


@pytest.mark.parametrize("trait", TAKING)
def test_a_patient_is_never_in_two_visits_at_once(trait):
    first = VisitFactory()

    with pytest.raises(IntegrityError, match="visit_patient_never_twice"):
        VisitFactory(patient=first.patient, starts_at=SLOT + 29 * MINUTE, **{trait: True})


def test_adjacent_visits_do_not_overlap():
    first = VisitFactory()

    VisitFactory(patient=first.patient, physician=first.physician, starts_at=first.ends_at)

    assert Visit.objects.count() == 2


@pytest.mark.parametrize("trait", ["cancelled", "expired", "no_show"])
def test_what_does_not_take_place_takes_no_time(trait):
    first = VisitFactory(**{trait: True})

    VisitFactory(patient=first.patient, physician=first.physician)

    assert Visit.objects.count() == 2


def test_a_visit_cannot_come_back_into_a_slot_that_is_taken_now():
    first = VisitFactory(cancelled=True)
    VisitFactory(physician=first.physician)

    with pytest.raises(IntegrityError, match="visit_physician_never_twice"):
        Visit.objects.filter(id=first.id).update(
            status="booked", cancelled_at=None, cancel_reason=None
        )


@pytest.mark.parametrize(
    ("trait", "change", "constraint"),
    [
        ("booked", {"status": "lost"}, "visit_status_known"),
        ("booked", {"ends_at": SLOT}, "visit_lasts_a_while"),
        ("booked", {"ends_at": SLOT + 241 * MINUTE}, "visit_lasts_a_while"),
        ("held", {"hold_expires_at": None}, "visit_hold_expires_iff_held"),
        ("booked", {"hold_expires_at": NOW}, "visit_hold_expires_iff_held"),
        ("booked", {"status": "in_progress"}, "visit_started_iff_seen"),
        ("in_progress", {"status": "booked"}, "visit_started_iff_seen"),
        ("in_progress", {"session_id": None}, "visit_session_recorded_together"),
        ("in_progress", {"mode": None}, "visit_session_recorded_together"),
        ("booked", {"kind": "first"}, "visit_session_recorded_together"),
        ("booked", {"history": "none"}, "visit_session_recorded_together"),
        ("completed", {"ended_at": None}, "visit_ended_iff_completed"),
        ("in_progress", {"ended_at": SLOT}, "visit_ended_iff_completed"),
        ("completed", {"ended_at": SLOT - MINUTE}, "visit_ends_after_it_started"),
        ("cancelled", {"cancel_reason": None}, "visit_cancelled_says_why"),
        ("booked", {"status": "cancelled"}, "visit_cancelled_says_when"),
        ("cancelled", {"status": "booked"}, "visit_cancelled_says_when"),
        ("in_progress", {"mode": "fax"}, "visit_codes_known"),
        ("in_progress", {"kind": "third"}, "visit_codes_known"),
        ("in_progress", {"history": "rumour"}, "visit_codes_known"),
    ],
)
def test_a_visit_that_does_not_hang_together_is_refused(trait, change, constraint):
    visit = VisitFactory(**{trait: True})

    with pytest.raises(IntegrityError, match=constraint):
        Visit.objects.filter(id=visit.id).update(**change)


def test_four_hours_are_allowed():
    visit = VisitFactory()

    assert Visit.objects.filter(id=visit.id).update(ends_at=SLOT + 240 * MINUTE) == 1


def test_two_visits_never_share_a_room():
    visit = VisitFactory()

    with pytest.raises(IntegrityError, match="room"):
        VisitFactory(room=visit.room)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"status": "lost"}, "rule_status_known"),
        ({"status": "withdrawn"}, "rule_withdrawn_says_when"),
        ({"withdrawn_at": NOW}, "rule_withdrawn_says_when"),
        ({"weekday": 0}, "rule_weekday_known"),
        ({"weekday": 8}, "rule_weekday_known"),
        ({"ends_minute": 540}, "rule_hours_in_one_day"),
        ({"ends_minute": 1441}, "rule_hours_in_one_day"),
        ({"slot_minutes": 4}, "rule_slot_length"),
        ({"slot_minutes": 241}, "rule_slot_length"),
        ({"valid_until": "2025-12-31"}, "rule_valid_until_not_before_from"),
    ],
)
def test_weekly_hours_that_make_no_sense_are_refused(change, constraint):
    rule = AvailabilityRuleFactory()

    with pytest.raises(IntegrityError, match=constraint):
        AvailabilityRule.objects.filter(id=rule.id).update(**change)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"status": "lost"}, "exception_status_known"),
        ({"status": "withdrawn"}, "exception_withdrawn_says_when"),
        ({"kind": "nap", "slot_minutes": None}, "exception_kind_known"),
        ({"slot_minutes": None}, "exception_slot_length_iff_extra"),
        ({"kind": "closed"}, "exception_slot_length_iff_extra"),
        ({"slot_minutes": 4}, "exception_slot_length"),
        ({"ends_at": SLOT + timedelta(days=3)}, "exception_extra_at_most_a_day"),
    ],
)
def test_exceptions_that_make_no_sense_are_refused(change, constraint):
    row = AvailabilityExceptionFactory(extra=True)

    with pytest.raises(IntegrityError, match=constraint):
        AvailabilityException.objects.filter(id=row.id).update(**change)


@pytest.mark.parametrize("length", [timedelta(0), -MINUTE, timedelta(days=366, minutes=1)])
def test_nobody_is_away_for_no_time_or_for_years(length):
    row = AvailabilityExceptionFactory()

    with pytest.raises(IntegrityError, match="exception_lasts_a_while"):
        AvailabilityException.objects.filter(id=row.id).update(ends_at=SLOT + length)


def test_raw_sql_is_refused_too():
    first, second = VisitFactory(), VisitFactory(physician=PhysicianFactory())
    move = "UPDATE booking_visit SET physician_id = %s WHERE id = %s"

    with (
        pytest.raises(IntegrityError, match="visit_physician_never_twice"),
        connection.cursor() as cursor,
    ):
        cursor.execute(move, [first.physician_id, second.id])
