from datetime import timedelta

import pytest

from backend.audit.models import AuditEntry
from backend.booking.models import Visit
from backend.outbox.models import OutboxEvent
from tests.callers import Caller
from tests.factories.accounts import PhysicianFactory, StaffMemberFactory
from tests.factories.booking import NOW, SLOT, AvailabilityRuleFactory, VisitFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_holding_keeps_the_slot_for_ten_minutes_and_records_it(place):
    answer = place.hold()

    visit = Visit.objects.get()
    assert (answer.status_code, answer["Location"]) == (201, f"/v1/visits/{visit.ref}")
    assert answer.json()["available_actions"] == ["confirm", "cancel"]
    assert (visit.status, visit.hold_expires_at) == ("held", NOW + 10 * MINUTE)
    assert (visit.starts_at, visit.ends_at) == (SLOT, SLOT + 30 * MINUTE)
    assert AuditEntry.objects.get(action="visit.hold").object_ref == visit.ref
    assert not OutboxEvent.objects.exists()


def test_a_hold_never_lasts_beyond_the_beginning_of_the_visit(place):
    place.move_to(SLOT - 4 * MINUTE)

    place.hold()

    assert Visit.objects.get().hold_expires_at == SLOT


def test_a_slot_that_is_held_is_taken_for_everybody_else(place):
    place.hold()

    answer = place.hold(place.another_patient())

    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")


def test_holding_again_extends_nothing(place):
    place.hold()

    answer = place.hold()

    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert Visit.objects.get().hold_expires_at == NOW + 10 * MINUTE


@pytest.mark.parametrize(("waited", "status"), [(9 * MINUTE, 409), (10 * MINUTE, 201)])
def test_an_expired_hold_stands_in_nobodys_way(place, waited, status):
    place.hold()
    place.move_to(NOW + waited)

    answer = place.hold(place.another_patient())

    first = Visit.objects.order_by("id").first()
    assert answer.status_code == status
    assert first.status == ("expired" if status == 201 else "held")
    assert AuditEntry.objects.filter(action="visit.expire").count() == (status == 201)


@pytest.mark.parametrize(("left", "status"), [(timedelta(microseconds=1), 409), (0 * MINUTE, 201)])
def test_so_is_it_with_the_hold_of_somebody_who_lives_by_the_wall_clock(place, left, status):
    VisitFactory(physician=place.physician, held=True, hold_expires_at=NOW + left)

    assert place.hold().status_code == status


def test_adjacent_slots_do_not_touch(place):
    first = place.hold()
    second = place.hold(place.another_patient(), SLOT + 30 * MINUTE)

    assert (first.status_code, second.status_code) == (201, 201)


@pytest.mark.parametrize(
    "starts_at",
    [
        SLOT - 30 * MINUTE,
        SLOT + 15 * MINUTE,
        SLOT + 180 * MINUTE,
        SLOT + timedelta(days=1),
        SLOT - timedelta(days=7),
        SLOT + timedelta(microseconds=1),
    ],
    ids=["before hours", "off grid", "at closing", "friday", "past", "a microsecond late"],
)
def test_only_a_slot_that_is_offered_can_be_held(place, starts_at):
    answer = place.hold(starts_at=starts_at)

    assert (answer.status_code, answer.json()["code"]) == (422, "slot_not_offered")


def test_the_last_slot_before_closing_can_be_held(place):
    assert place.hold(starts_at=SLOT + 150 * MINUTE).status_code == 201


@pytest.mark.parametrize(("early", "status"), [(timedelta(0), 422), (timedelta(seconds=1), 201)])
def test_a_slot_that_has_begun_cannot_be_held(place, early, status):
    place.move_to(SLOT - early)

    assert place.hold().status_code == status


def test_the_instant_counts_not_how_it_is_spelled(place):
    body = {"physician": place.physician.ref, "starts_at": "2026-03-12T09:00:00+09:00"}

    assert Caller(place.patient).post("/v1/visits", body).status_code == 201


def test_a_patient_is_in_one_place_at_a_time(place):
    other = PhysicianFactory(clinic=place.patient.clinic)
    VisitFactory(patient=place.patient, physician=other, starts_at=SLOT + 29 * MINUTE)

    answer = place.hold()

    assert (answer.status_code, answer.json()["code"]) == (409, "patient_busy")


def test_a_fourth_open_visit_is_one_too_many(place):
    for days in (7, 14):
        VisitFactory(
            patient=place.patient, physician=place.physician, starts_at=SLOT + timedelta(days=days)
        )
    third, fourth = place.hold(), place.hold(starts_at=SLOT + 30 * MINUTE)

    assert third.status_code == 201
    assert (fourth.status_code, fourth.json()["code"]) == (409, "too_many_open_visits")


def test_visits_that_are_over_do_not_count(place):
    for days in (7, 14, 21):
        past = SLOT - timedelta(days=days)
        VisitFactory(patient=place.patient, physician=place.physician, starts_at=past)

    assert place.hold().status_code == 201


def test_ones_own_expired_holds_do_not_count(place):
    for half_hours in (1, 2, 3):
        VisitFactory(
            patient=place.patient,
            physician=place.physician,
            starts_at=SLOT + half_hours * 30 * MINUTE,
            held=True,
            hold_expires_at=NOW,
        )

    assert place.hold().status_code == 201
    assert Visit.objects.filter(status="expired").count() == 3


def test_a_physician_of_another_clinic_does_not_exist(place):
    stranger = AvailabilityRuleFactory().physician
    nobody = {"physician": stranger.ref[:-1] + "0", "starts_at": SLOT.isoformat()}
    foreign = {"physician": stranger.ref, "starts_at": SLOT.isoformat()}

    answers = [Caller(place.patient).post("/v1/visits", body) for body in (nobody, foreign)]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]
    assert answers[0].json()["errors"][0]["pointer"] == "/physician"


def test_a_physician_who_left_offers_nothing(place):
    place.physician.deactivated_at = NOW
    place.physician.save()

    assert place.hold().status_code == 400


def test_only_a_patient_holds(place):
    for who in (place.physician, StaffMemberFactory(clinic=place.patient.clinic)):
        assert place.hold(who).status_code == 403


def test_the_same_key_holds_once(place):
    first, again = place.hold(key="k"), place.hold(key="k")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    "starts_at",
    ["2026-03-12T09:00:00", "2026-03-12", "2026-02-30T09:00:00Z", 5, "2026-03-12T09:00:00 Z"],
)
def test_an_instant_without_offset_or_sense_is_refused(place, starts_at):
    body = {"physician": place.physician.ref, "starts_at": starts_at}

    assert Caller(place.patient).post("/v1/visits", body).status_code == 400
