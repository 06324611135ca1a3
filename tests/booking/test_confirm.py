import json
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.authentication import AccountBackend
from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from tests.callers import Caller
from tests.factories.accounts import PatientFactory
from tests.factories.booking import NOW, VisitFactory

pytestmark = pytest.mark.django_db
SCHEMA = Path("api_schema/events/booking.visit.confirmed.json")


@pytest.fixture
def visit(place):
    return VisitFactory(patient=place.patient, physician=place.physician, held=True)


def confirm(who, visit, **extra):
    return Caller(who).post(f"/v1/visits/{visit.ref}/confirm", **{"version": 1, **extra})


def test_confirming_books_records_and_announces(place, visit):
    answer = confirm(place.patient, visit)

    visit.refresh_from_db()
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    assert (visit.status, visit.confirmed_at, visit.hold_expires_at) == ("booked", NOW, None)
    assert AuditEntry.objects.get(action="visit.confirm").patient_ref == place.patient.ref
    event = OutboxEvent.objects.get()
    assert event.type == "booking.visit.confirmed"
    assert event.payload["physician_id"] == place.physician.ref
    jsonschema.validate(event.payload, json.loads(SCHEMA.read_text()))


def test_confirming_takes_six_statements(place, visit):
    user = AccountBackend().get_user(place.patient.user_id)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = confirm(user, visit)

    words = [q["sql"].split(maxsplit=2)[:2] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert answer.status_code == 200
    assert [first for first, _ in words] == [
        "SELECT",  # the key, and who acts
        "SELECT",
        "UPDATE",
        "INSERT",
        "INSERT",
        "INSERT",
    ]


@pytest.mark.parametrize(
    ("left", "status", "code"),
    [(timedelta(microseconds=1), 200, None), (timedelta(0), 409, "hold_expired")],
)
def test_a_hold_is_good_until_its_end_and_not_at_it(place, visit, left, status, code):
    place.move_to(visit.hold_expires_at - left)

    answer = confirm(place.patient, visit)

    assert (answer.status_code, answer.json().get("code")) == (status, code)


def test_a_hold_that_was_cleared_away_says_that_it_expired(place):
    visit = VisitFactory(patient=place.patient, physician=place.physician, expired=True)

    answer = confirm(place.patient, visit)

    assert (answer.status_code, answer.json()["code"]) == (409, "hold_expired")


@pytest.mark.parametrize("trait", ["booked", "in_progress", "completed", "cancelled", "no_show"])
def test_only_a_held_visit_is_confirmed(place, trait):
    visit = VisitFactory(patient=place.patient, physician=place.physician, **{trait: True})

    answer = confirm(place.patient, visit)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


def test_another_patients_visit_is_like_none(place, visit):
    stranger = PatientFactory(clinic=place.patient.clinic)

    foreign = confirm(stranger, visit)
    absent = Caller(stranger).post(f"/v1/visits/{visit.ref[:-1]}0/confirm", version=1)
    mangled = Caller(stranger).post("/v1/visits/vis_1/confirm", version=1)

    assert [a.status_code for a in (foreign, absent, mangled)] == [404, 404, 404]
    assert foreign.json()["code"] == absent.json()["code"] == "not_found"
    visit.refresh_from_db()
    assert visit.status == "held"


def test_a_stale_or_missing_version_books_nothing(place, visit):
    stale = confirm(place.patient, visit, version=2)
    missing = confirm(place.patient, visit, version=None)

    visit.refresh_from_db()
    assert (stale.status_code, missing.status_code, visit.status) == (412, 428, "held")


def test_the_same_key_gets_the_same_reply(place, visit):
    first, again = (confirm(place.patient, visit, key="k") for _ in range(2))

    assert (first.content, first["ETag"]) == (again.content, again["ETag"])
    assert OutboxEvent.objects.count() == 1


def test_a_physician_does_not_confirm_for_the_patient(place, visit):
    assert confirm(place.physician, visit).status_code == 403
