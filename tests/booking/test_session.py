import json
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest

from backend.audit.models import AuditEntry
from backend.booking.queries import facts_about_visit
from backend.outbox.models import OutboxEvent
from tests.booking.places import a_place
from tests.callers import Caller
from tests.factories.accounts import StaffMemberFactory
from tests.factories.booking import SLOT, VisitFactory
from tests.factories.care import physician_of

pytestmark = pytest.mark.django_db
EVENTS = Path("api_schema/events")
HOW = {"mode": "video", "kind": "first", "history": "pre_consultation"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def place():
    return a_place(SLOT)


def visit_at(place, **traits):
    return VisitFactory(patient=place.patient, physician=place.physician, **traits)


def act(who, visit, verb, body=None, version=1):
    return Caller(who).post(f"/v1/visits/{visit.ref}/{verb}", body, version=version)


def test_starting_records_the_session(place):
    visit = visit_at(place)

    answer = act(place.physician, visit, "start", HOW)

    visit.refresh_from_db()
    assert (answer.status_code, visit.status, visit.started_at) == (200, "in_progress", SLOT)
    assert (visit.mode, visit.kind, visit.history) == ("video", "first", "pre_consultation")
    assert visit.session_id == visit.room
    assert AuditEntry.objects.get(action="visit.start").facts == HOW


def test_the_video_systems_own_session_id_is_kept(place):
    visit = visit_at(place)

    answer = act(place.physician, visit, "start", {**HOW, "session_id": "conf-42"})

    assert answer.json()["session_id"] == "conf-42"


@pytest.mark.parametrize(
    ("at", "status"),
    [
        (SLOT - 10 * MINUTE, 200),
        (SLOT - 10 * MINUTE - timedelta(microseconds=1), 409),
        (SLOT + 60 * MINUTE - timedelta(microseconds=1), 200),
        (SLOT + 60 * MINUTE, 409),
    ],
)
def test_a_session_begins_around_its_slot(at, status):
    place = a_place(at)
    visit = visit_at(place)

    answer = act(place.physician, visit, "start", HOW)

    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "room_closed"


def test_only_the_visits_own_physician_starts_and_completes_it(place):
    other = physician_of(place.patient)
    booked = visit_at(place)
    running = visit_at(place, in_progress=True, starts_at=SLOT + 60 * MINUTE)

    answers = [act(other, booked, "start", HOW), act(other, running, "complete")]

    assert [a.status_code for a in answers] == [403, 403]
    assert {a.json()["code"] for a in answers} == {"not_your_visit"}
    shown = Caller(other).get(f"/v1/visits/{booked.ref}").json()
    assert "start" not in shown["available_actions"]


@pytest.mark.parametrize("trait", ["held", "in_progress", "completed", "cancelled", "expired"])
def test_only_a_booked_visit_is_started(place, trait):
    answer = act(place.physician, visit_at(place, **{trait: True}), "start", HOW)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


def test_completing_counts_the_seconds_and_keeps_the_checklist(place):
    visit = visit_at(place, in_progress=True)
    place.move_to(SLOT + timedelta(minutes=7, seconds=4, milliseconds=900))
    said = {"care_plan_agreed": True, "mood_asked": False}

    answer = act(place.physician, visit, "complete", said)

    shown = answer.json()
    assert (answer.status_code, shown["status"], shown["video_seconds"]) == (200, "completed", 424)
    assert shown["checklist"] == {
        "care_plan_agreed": True,
        "privacy_confirmed": None,
        "hospital_arranged": None,
        "mood_asked": False,
        "sexual_function_asked": None,
        "in_person_first_done": None,
    }
    event = OutboxEvent.objects.get()
    schema = json.loads((EVENTS / "booking.visit.completed.json").read_text())
    assert event.type == "booking.visit.completed"
    jsonschema.validate(event.payload, schema)
    assert AuditEntry.objects.get(action="visit.complete").facts["video_seconds"] == "424"


def test_a_telephone_call_has_no_video_seconds(place):
    visit = visit_at(place, in_progress=True, mode="phone")
    place.move_to(SLOT + 5 * MINUTE)

    assert act(place.physician, visit, "complete").json()["video_seconds"] is None


@pytest.mark.parametrize("trait", ["held", "booked", "completed", "cancelled", "no_show"])
def test_only_a_visit_under_way_is_completed(place, trait):
    answer = act(place.physician, visit_at(place, **{trait: True}), "complete")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


@pytest.mark.parametrize(
    "body",
    [
        {**HOW, "mode": "fax"},
        {**HOW, "kind": "second"},
        {**HOW, "history": ""},
        {**HOW, "session_id": "x" * 81},
        {"mode": "video"},
    ],
)
def test_what_a_session_is_must_be_well_formed(place, body):
    assert act(place.physician, visit_at(place), "start", body).status_code == 400


@pytest.mark.parametrize("body", [{"mood_asked": "yes"}, {"mood_asked": None}, {"x": True}])
def test_the_checklist_is_yes_or_no(place, body):
    visit = visit_at(place, in_progress=True)

    assert act(place.physician, visit, "complete", body).status_code == 400


@pytest.mark.parametrize(("before", "status"), [(timedelta(0), 200), (MINUTE, 409)])
def test_nobody_failed_to_come_before_the_visit_begins(before, status):
    place = a_place(SLOT - before)
    visit = visit_at(place)

    answer = act(StaffMemberFactory(clinic=place.patient.clinic), visit, "mark_no_show")

    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "visit_not_begun"


def test_a_no_show_is_announced(place):
    visit = visit_at(place)

    act(place.physician, visit, "mark_no_show")

    event = OutboxEvent.objects.get()
    schema = json.loads((EVENTS / "booking.visit.no_show.json").read_text())
    assert event.type == "booking.visit.no_show"
    jsonschema.validate(event.payload, schema)


def test_the_facts_of_a_completed_visit_are_in_the_words_of_the_case_format(place):
    visit = visit_at(place, completed=True, hospital_arranged=None)

    assert facts_about_visit(visit) == {
        "visit": {
            "kind": "first",
            "mode": "video",
            "history": "pre_consultation",
            "on": SLOT.date(),
            "video_seconds": 900,
            "care_plan_agreed": True,
            "privacy_confirmed": True,
            "mood_asked": True,
            "sexual_function_asked": True,
            "in_person_first_done": False,
            "identity_verified": True,
        }
    }


def test_the_day_of_a_visit_is_the_patients(place):
    late = SLOT + timedelta(hours=15)
    visit = visit_at(place, completed=True, starts_at=late)

    assert str(facts_about_visit(visit)["visit"]["on"]) == "2026-03-13"


def test_of_a_visit_that_has_not_begun_only_the_identity_is_known(place):
    place.patient.identity_verified_at = None

    assert facts_about_visit(visit_at(place)) == {"visit": {"identity_verified": False}}
