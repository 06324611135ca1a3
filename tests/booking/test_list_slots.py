from datetime import UTC, datetime, timedelta

import pytest

from backend.audit.models import AuditEntry
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    PatientFactory,
    StaffMemberFactory,
)
from tests.factories.booking import (
    NOW,
    SLOT,
    AvailabilityExceptionFactory,
    AvailabilityRuleFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
HALF_HOUR = timedelta(minutes=30)


def ask(who, place, first="2026-03-12", last="2026-03-13", **more):
    query = {"physician": place.physician.ref, "from": first, "to": last, **more}
    return Caller(who).get("/v1/slots", **query)


def begins(answer):
    return [
        datetime.fromisoformat(slot["starts_at"].replace("Z", "+00:00"))
        for slot in answer.json()["data"]
    ]


def test_free_slots_of_a_day_are_listed_and_the_look_recorded(place):
    answer = ask(place.patient, place)

    assert answer.status_code == 200
    assert begins(answer) == [SLOT + n * HALF_HOUR for n in range(6)]
    assert answer.json()["next_cursor"] is None
    assert AuditEntry.objects.get(action="slot.list").actor_role == "patient"


@pytest.mark.parametrize("trait", ["held", "booked", "in_progress", "completed"])
def test_what_is_taken_is_left_out(place, trait):
    VisitFactory(physician=place.physician, starts_at=SLOT + HALF_HOUR, **{trait: True})

    assert begins(ask(place.patient, place)) == [SLOT + n * HALF_HOUR for n in (0, 2, 3, 4, 5)]


@pytest.mark.parametrize("trait", ["cancelled", "expired", "no_show"])
def test_what_was_given_back_is_free(place, trait):
    VisitFactory(physician=place.physician, **{trait: True})

    assert len(begins(ask(place.patient, place))) == 6


@pytest.mark.parametrize(("waited", "free"), [(599, 5), (600, 6)])
def test_a_hold_that_is_over_is_free_even_before_it_is_cleared_away(place, waited, free):
    place.hold()
    place.move_to(NOW + timedelta(seconds=waited))

    assert len(begins(ask(place.patient, place))) == free


@pytest.mark.parametrize(("left", "free"), [(timedelta(microseconds=1), 5), (timedelta(0), 6)])
def test_so_is_a_hold_that_is_over_by_the_wall_clock(place, left, free):
    VisitFactory(physician=place.physician, held=True, hold_expires_at=NOW + left)

    assert len(begins(ask(place.patient, place))) == free


def test_only_what_is_still_to_come_is_listed(place):
    place.move_to(SLOT + HALF_HOUR)

    assert begins(ask(place.patient, place))[0] == SLOT + 2 * HALF_HOUR


def test_every_slot_that_is_listed_can_be_held(place):
    AvailabilityExceptionFactory(physician=place.physician, extra=True)
    AvailabilityExceptionFactory(physician=place.physician)
    listed = begins(ask(place.patient, place))

    answers = [place.hold(place.another_patient(), starts_at) for starts_at in listed]

    assert len(listed) == 6
    assert [answer.status_code for answer in answers] == [201] * 6
    assert begins(ask(place.patient, place)) == []


def test_exceptions_and_withdrawn_hours_count(place):
    AvailabilityExceptionFactory(physician=place.physician)
    AvailabilityExceptionFactory(
        physician=place.physician, withdrawn=True, ends_at=SLOT + 8 * HALF_HOUR
    )
    AvailabilityRuleFactory(
        physician=place.physician, starts_minute=900, ends_minute=960, withdrawn=True
    )

    assert begins(ask(place.patient, place)) == [SLOT + n * HALF_HOUR for n in (2, 3, 4, 5)]


def test_days_are_those_of_where_the_patient_lives(place):
    traveller = PatientFactory(
        clinic=place.patient.clinic,
        zone="America/Los_Angeles",
        test_clock=place.patient.test_clock,
    )

    there = ask(traveller, place, "2026-03-11", "2026-03-12")
    elsewhere = ask(traveller, place, "2026-03-12", "2026-03-13")

    assert (len(begins(there)), len(begins(elsewhere))) == (6, 0)


def test_the_last_day_is_not_included(place):
    assert begins(ask(place.patient, place, "2026-03-11", "2026-03-12")) == []


def test_pages_follow_each_other(place):
    first = ask(place.patient, place, limit=4)
    second = ask(place.patient, place, limit=4, cursor=first.json()["next_cursor"])

    assert begins(first) + begins(second) == [SLOT + n * HALF_HOUR for n in range(6)]
    assert (first.json()["has_more"], second.json()["has_more"]) == (True, False)
    assert 'rel="next"' in first["Link"]


def test_a_cursor_of_other_slots_is_refused(place):
    cursor = ask(place.patient, place, limit=1).json()["next_cursor"]

    assert ask(place.patient, place, last="2026-03-14", limit=1, cursor=cursor).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-03-12", "to": "2026-03-12"},
        {"from": "2026-03-12", "to": "2026-03-11"},
        {"from": "2026-03-01", "to": "2026-04-02"},
        {"from": "2026-02-30", "to": "2026-03-02"},
        {"from": "today", "to": "2026-03-02"},
        {"to": "2026-03-02"},
        {"from": "2026-03-12", "to": "2026-03-13", "physician": "stf_1"},
        {"from": "2026-03-12", "to": "2026-03-13", "physician": ""},
        {"from": "2026-03-12", "to": "2026-03-13", "zone": "UTC"},
        {"from": "2026-03-12", "to": "2026-03-13", "limit": "0"},
    ],
)
def test_a_question_that_is_not_well_formed_is_refused(place, query):
    asked = {"physician": place.physician.ref, **query}

    answer = Caller(place.patient).get("/v1/slots", **asked)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert answer.json()["errors"]


def test_a_month_is_not_too_long(place):
    answer = ask(place.patient, place, "2026-03-01", "2026-04-01")

    assert len(begins(answer)) == 18


def test_the_physicians_of_another_clinic_offer_nothing(place):
    stranger = PatientFactory()

    assert begins(ask(stranger, place)) == []


def test_the_clinic_sees_slots_by_the_wall_clock(place):
    clinic = place.patient.clinic
    day = datetime.now(UTC).date() + timedelta(days=7)
    first, last = day.isoformat(), (day + timedelta(days=7)).isoformat()

    for who in (StaffMemberFactory(clinic=clinic), AdministratorFactory(clinic=clinic)):
        assert len(begins(ask(who, place, first, last))) == 6


def test_a_pharmacy_has_no_business_here(place):
    client = ApiClientFactory(pharmacy__clinic=place.patient.clinic)

    assert ask(client, place).status_code == 403


def test_the_number_of_queries_does_not_grow(place, django_assert_max_num_queries):
    for n in range(6):
        VisitFactory(physician=place.physician, starts_at=SLOT + n * HALF_HOUR)
        AvailabilityExceptionFactory(physician=place.physician)
        AvailabilityRuleFactory(physician=place.physician, weekday=n + 1)

    with django_assert_max_num_queries(9):
        ask(place.patient, place, "2026-03-01", "2026-04-01")
