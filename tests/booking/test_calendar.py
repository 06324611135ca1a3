from datetime import UTC, datetime

import icalendar
import pytest

from backend.audit.models import AuditEntry
from tests.callers import Caller
from tests.factories.accounts import PatientFactory
from tests.factories.booking import SLOT, VisitFactory

pytestmark = pytest.mark.django_db


def fetch(who, visit, accept="text/calendar"):
    caller = Caller(who)
    return caller.client.get(f"/v1/visits/{visit.ref}/calendar", HTTP_ACCEPT=accept)


def event_of(answer):
    return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")[0]


def test_the_file_holds_the_visit_in_the_patients_zone_and_nothing_else(place):
    visit = VisitFactory(patient=place.patient, physician=place.physician)

    answer = fetch(place.patient, visit)

    event = event_of(answer)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert event["SUMMARY"] == "オンライン診療"
    assert event["UID"] == f"{visit.ref}@suhada"
    assert event["DTSTART"].dt == SLOT
    assert str(event["DTSTART"].params["TZID"]) == "Asia/Tokyo"
    assert set(event) == {
        "UID",
        "SEQUENCE",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "CLASS",
        "STATUS",
    }
    assert b"BEGIN:VTIMEZONE" in answer.content
    assert AuditEntry.objects.get(action="visit.read_calendar").object_ref == visit.ref


def test_a_later_file_replaces_the_earlier_one(place):
    visit = VisitFactory(patient=place.patient, physician=place.physician)
    before = event_of(fetch(place.patient, visit))
    Caller(place.patient).post(f"/v1/visits/{visit.ref}/cancel", {"reason": "unwell"}, version=1)

    after = event_of(fetch(place.patient, visit))

    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (1, 2)
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")


def test_the_same_visit_gives_the_same_bytes(place):
    visit = VisitFactory(patient=place.patient, physician=place.physician)

    assert fetch(place.patient, visit).content == fetch(place.patient, visit).content


@pytest.mark.parametrize(
    ("zone", "starts_at", "offset"),
    [
        ("America/New_York", datetime(2026, 3, 8, 6, 30, tzinfo=UTC), -5),
        ("America/New_York", datetime(2026, 3, 8, 7, 0, tzinfo=UTC), -4),
        ("Europe/London", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 1),
        ("Europe/London", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 0),
        ("UTC", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 0),
    ],
)
def test_around_a_change_of_clocks_the_wall_time_is_right(zone, starts_at, offset):
    visit = VisitFactory(patient__zone=zone, starts_at=starts_at)

    begins = event_of(fetch(visit.patient, visit))["DTSTART"].dt

    assert begins.replace(tzinfo=None) == datetime.fromtimestamp(
        starts_at.timestamp() + offset * 3600, UTC
    ).replace(tzinfo=None)


@pytest.mark.parametrize("accept", ["*/*", "text/*", "text/calendar"])
def test_it_comes_to_whoever_takes_calendars(place, accept):
    visit = VisitFactory(patient=place.patient, physician=place.physician)

    assert fetch(place.patient, visit, accept).status_code == 200


def test_it_does_not_come_as_json(place):
    visit = VisitFactory(patient=place.patient, physician=place.physician)

    answer = fetch(place.patient, visit, "application/json")

    assert (answer.status_code, answer["Content-Type"]) == (406, "application/problem+json")


def test_a_stranger_gets_a_problem_not_a_calendar(place):
    visit = VisitFactory(patient=place.patient, physician=place.physician)

    answer = fetch(PatientFactory(clinic=place.patient.clinic), visit)

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
