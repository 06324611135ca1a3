from datetime import timedelta

import pytest

from tests.booking.places import a_place
from tests.callers import Caller
from tests.factories.accounts import PatientFactory, PhysicianFactory, StaffMemberFactory
from tests.factories.booking import SLOT, VisitFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def place():
    return a_place(SLOT)


def visit_at(place, **traits):
    return VisitFactory(patient=place.patient, physician=place.physician, **traits)


def join(who, visit):
    return Caller(who).get(f"/v1/visits/{visit.ref}/join")


def test_both_get_the_same_room_and_its_address_says_nothing_about_them(place, settings):
    settings.VIDEO_URL = "https://meet.clinic.test/"
    visit = visit_at(place)

    answers = [join(who, visit) for who in (place.patient, place.physician)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert {a.json()["room_url"] for a in answers} == {f"https://meet.clinic.test/{visit.room}"}
    assert visit.ref not in answers[0].json()["room_url"]


@pytest.mark.parametrize(
    ("at", "status"),
    [
        (SLOT - 10 * MINUTE - INSTANT, 409),
        (SLOT - 10 * MINUTE, 200),
        (SLOT + 60 * MINUTE - INSTANT, 200),
        (SLOT + 60 * MINUTE, 409),
    ],
)
def test_the_door_is_open_around_the_slot(at, status):
    place = a_place(at)
    visit = visit_at(place)

    answer = join(place.patient, visit)

    assert answer.status_code == status
    assert ("room_url" in answer.json()) is (status == 200)


def test_a_closed_door_says_when_it_opens():
    place = a_place(SLOT - timedelta(days=1))
    visit = visit_at(place)

    problem = join(place.patient, visit).json()

    assert problem["code"] == "room_closed"
    assert problem["opens_at"] == "2026-03-11T23:50:00.000000Z"
    assert problem["closes_at"] == "2026-03-12T01:00:00.000000Z"


@pytest.mark.parametrize("trait", ["held", "completed", "cancelled", "expired", "no_show"])
def test_there_is_no_room_for_a_visit_that_is_not_on(place, trait):
    answer = join(place.patient, visit_at(place, **{trait: True}))

    assert (answer.status_code, answer.json()["code"]) == (409, "room_closed")


def test_nobody_else_gets_in(place):
    visit = visit_at(place)
    clinic = place.patient.clinic

    answers = [
        join(PatientFactory(clinic=clinic), visit),
        join(PhysicianFactory(clinic=clinic), visit),
        join(StaffMemberFactory(clinic=clinic), visit),
        join(None, visit),
    ]

    assert [answer.status_code for answer in answers] == [404, 403, 403, 401]


def test_no_two_visits_share_a_room():
    place = a_place(SLOT - timedelta(days=1))

    first = place.hold()
    second = place.hold(place.another_patient(), SLOT + 30 * MINUTE)

    assert (first.status_code, second.status_code) == (201, 201)
    assert "room" not in first.json()
    rooms = [visit.room for visit in place.physician.visits.all()]
    assert len(set(rooms)) == 2
    assert all(len(room) == 32 for room in rooms)
