"""Another path than the demonstration's, written from the text of the issue and the schema alone:
a man of 19 who changes his mind, whose medicine comes late, and who falls silent.
"""

import json
from base64 import b64decode
from datetime import datetime

import pytest

from tests.journeys.young_man import ANSWERS, Clinic, YoungMan

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic() -> Clinic:
    """Open, with the medicine in stock."""
    clinic = Clinic()
    clinic.opens_its_hours()
    clinic.stocks_the_medicine()
    return clinic


@pytest.fixture
def taro(clinic: Clinic) -> YoungMan:
    """Signed up, no more."""
    return YoungMan(clinic)


@pytest.fixture
def treated(taro: YoungMan) -> YoungMan:
    """Seen by the physician, his course planned."""
    taro.is_ready_for_treatment()
    return taro


def test_a_cancelled_slot_is_free_again_and_can_be_booked_by_the_same_patient(taro):
    taro.is_identified()
    first = taro.free_slots()[0]
    visit = taro.books(first)
    taken = taro.free_slots()

    cancelled = taro.api.does("visits/cancel", visit, {"reason": "schedule_conflict"})
    again = taro.books(first)

    assert first not in taken
    assert (cancelled["status"], cancelled["available_actions"]) == ("cancelled", [])
    assert (again["status"], again["starts_at"]) == ("booked", first)
    statuses = [each["status"] for each in taro.api.all("visits")]
    assert sorted(statuses) == ["booked", "cancelled"]


def test_a_slot_that_is_held_is_a_conflict_for_the_next(taro):
    taro.is_identified()
    first = taro.free_slots()[0]
    taro.books(first)

    refusal = taro.api.asks(
        "visits", {"physician": taro.clinic.doctor.ref, "starts_at": first}, status=409
    )

    assert refusal["code"] == "slot_taken"


def test_a_man_is_asked_for_no_contraception_and_no_pregnancy_test(treated):
    physician = treated.clinic.physician
    drafted = physician.makes(
        "prescriptions", {"course": treated.course["id"], **treated.content()}
    )

    assessment = physician.get(f"prescriptions/{drafted['id']}/assessment")

    assert not any("pregnan" in key for key in ANSWERS if key != "pregnancy_potential")
    assert (assessment["decision"], assessment["may_be_approved"]) == ("clear", True)
    assert assessment["missing"] == []
    assert not [each for each in assessment["findings"] if each["rule"].startswith("P-")]
    assert treated.api.all("pregnancy_tests", patient=treated.id) == []


def test_a_returned_prescription_is_changed_and_then_approved(treated):
    physician = treated.clinic.physician
    drafted = physician.makes(
        "prescriptions", {"course": treated.course["id"], **treated.content(daily_mg=60)}
    )
    submitted = physician.does("prescriptions/submit", drafted)
    returned = physician.does(
        "prescriptions/return", submitted, {"reason": "dose", "note": "Begin with 40 mg."}
    )
    refused = physician.does("prescriptions/approve", returned, status=409)

    updated = physician.does("prescriptions/update", returned, treated.content(daily_mg=40))
    approved = physician.does(
        "prescriptions/approve", physician.does("prescriptions/submit", updated)
    )

    assert refused["code"] == "not_allowed_from_here"
    assert (returned["status"], returned["return_reason"]) == ("returned", "dose")
    assert (updated["daily_mg"], updated["capsules"]) == (40, 60)
    assert (approved["status"], approved["issued_on"]) == ("approved", "2026-03-11")
    signed = physician.get(f"prescriptions/{approved['id']}/signed_content")
    content = json.loads(b64decode(signed["content"]))
    assert content["amount"] == {"daily_mg": 40, "capsules": 60}


def test_what_one_dispensary_releases_another_may_claim(treated):
    north, south = treated.clinic.north, treated.clinic.south
    prescription = treated.is_prescribed()

    claimed = north.does("prescriptions/claim", prescription)
    taken = south.does("prescriptions/claim", claimed, status=409)
    released = north.does("prescriptions/release", claimed)
    claimed_again = south.does("prescriptions/claim", released)
    too_late = north.does(
        "prescriptions/dispense",
        claimed_again,
        {"capsules": 60, "identity_checked": True},
        status=404,  # it is somebody else's now, like one that does not exist
    )

    assert (taken["code"], too_late["code"]) == ("already_claimed", "not_found")
    assert released["status"] == "approved"
    assert claimed_again["status"] == "claimed"
    assert claimed_again["claimed_by"] != claimed["claimed_by"]


def test_what_was_not_fetched_in_time_expires_and_what_was_stays_counted(treated):
    north = treated.clinic.north
    prescription = treated.is_prescribed()
    part = treated.takes_home(prescription, 20)
    last_day = treated.clinic.physician.get(f"prescriptions/{prescription['id']}")["valid_until"]

    treated.clinic.passes(days=31)
    after = treated.clinic.physician.get(f"prescriptions/{prescription['id']}")
    refused = north.does(
        "prescriptions/dispense", after, {"capsules": 40, "identity_checked": True}, status=409
    )

    assert part["status"] == "partially_dispensed"
    assert last_day < treated.clinic.now.date().isoformat()
    assert (after["status"], after["dispensed_capsules"]) == ("expired", 20)
    assert refused["code"] == "prescription_expired"
    course = treated.clinic.physician.get(f"courses/{treated.course['id']}")
    assert (course["status"], course["dispensed_mg"]) == ("running", "400.0")


def test_silence_is_noticed_and_somebody_is_told_to_call(treated):
    treated.takes_home(treated.is_prescribed(), 60)

    treated.clinic.passes(days=7)
    asked = treated.api.all("check_ins")
    treated.clinic.passes_to(datetime.fromisoformat(asked[0]["due_at"]))
    unanswered = treated.api.get(f"check_ins/{asked[0]['id']}")
    tasks = treated.clinic.staff.all("tasks", patient=treated.id)
    notices = treated.clinic.staff.all("notifications", patient=treated.id)
    about_it = [each["template"] for each in notices if each["about"] == unanswered["id"]]

    assert sorted(about_it) == ["check_in_opened", "check_in_reminder"]
    assert [(each["kind"], each["status"]) for each in asked] == [("scheduled", "open")]
    assert (unanswered["status"], unanswered["available_actions"]) == ("missed", ["answer"])
    assert [(each["status"], each["about"]) for each in tasks] == [("open", unanswered["id"])]
    late = treated.api.does("check_ins/answer", unanswered, _all_is_well())
    assert late["status"] == "answered"


def test_a_course_that_ends_early_is_asked_about_once_more_and_then_decided(treated):
    treated.takes_home(treated.is_prescribed(), 60)
    treated.clinic.passes(days=20)
    physician = treated.clinic.physician
    course = physician.get(f"courses/{treated.course['id']}")
    ended_on = treated.clinic.now.date()
    ended = physician.does(
        "courses/end", course, {"ended_on": ended_on.isoformat(), "reason": "patient_wish"}
    )
    treated.clinic.workers.settle()

    second = f"courses/{course['id']}/decide_second_course"
    too_early = physician.asks(second, _offer(), status=409)
    treated.clinic.passes(days=32)
    kinds = [each["kind"] for each in treated.api.all("check_ins")]
    treated.clinic.passes(days=25)
    decided = physician.makes(second, _offer())

    assert (ended["status"], ended["end_reason"]) == ("ended", "patient_wish")
    assert too_early["code"] == "second_course_not_open"
    assert kinds.count("closing") == 1
    assert (decided["status"], float(decided["cumulative_mg"])) == ("offered", 1200)
    assert physician.get(f"courses/{course['id']}")["dispensed_mg"] == "1200.0"


def test_what_is_still_at_the_counter_when_a_course_ends_is_void(treated):
    prescription = treated.is_prescribed()
    part = treated.takes_home(prescription, 20)
    treated.clinic.passes(days=5)
    physician = treated.clinic.physician
    course = physician.get(f"courses/{treated.course['id']}")
    today = treated.clinic.now.date().isoformat()

    physician.does("courses/end", course, {"ended_on": today, "reason": "adverse_effect"})
    treated.clinic.workers.settle()
    refused = treated.clinic.north.does(
        "prescriptions/dispense", part, {"capsules": 40, "identity_checked": True}, status=409
    )
    (line,) = treated.clinic.north.all("dispenses", prescription=prescription["id"])
    back = treated.clinic.north.asks(
        f"dispenses/{line['id']}/record_return",
        {"capsules": 8, "reason": "course_stopped"},
        status=200,
    )

    assert refused["code"] == "prescription_voided"
    assert physician.get(f"prescriptions/{prescription['id']}")["status"] == "voided"
    assert back["returned_capsules"] == 8
    assert physician.get(f"courses/{course['id']}")["dispensed_mg"] == "240.0"


def _offer():
    return {"decision": "offer", "iga": 4, "scarring": True, "reason": "It came back."}


def _all_is_well():
    above = ("lips", "skin", "eyes", "nose", "headache", "hair")
    below = ("joints", "back", "fatigue", "gut", "sun", "flare")
    return {
        "items": dict.fromkeys(above + below, 0),
        "red_flags": [],
        "symptoms": [],
        "phq2": 0,
        "adherence": {"with_food": True, "missed_doses": 0},
        "wants_blood_donation": False,
    }
