import json
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest

from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from tests.callers import Caller
from tests.factories.accounts import AuditorFactory, StaffMemberFactory
from tests.factories.booking import NOW, VisitFactory

pytestmark = pytest.mark.django_db
SCHEMA = Path("api_schema/events/booking.visit.cancelled.json")
WHY = {"reason": "schedule_conflict"}


def visit_at(place, **traits):
    return VisitFactory(patient=place.patient, physician=place.physician, **traits)


def cancel(who, visit, body=None, **extra):
    path = f"/v1/visits/{visit.ref}/cancel"
    return Caller(who).post(path, body or WHY, **{"version": 1, **extra})


@pytest.mark.parametrize("trait", ["held", "booked"])
def test_cancelling_says_why_records_and_announces(place, trait):
    visit = visit_at(place, **{trait: True})

    answer = cancel(place.patient, visit)

    visit.refresh_from_db()
    assert (answer.status_code, visit.status) == (200, "cancelled")
    assert (visit.cancel_reason, visit.cancelled_at) == ("schedule_conflict", NOW)
    assert AuditEntry.objects.get(action="visit.cancel").facts == WHY
    event = OutboxEvent.objects.get()
    assert (event.type, event.payload["reason"]) == ("booking.visit.cancelled", WHY["reason"])
    jsonschema.validate(event.payload, json.loads(SCHEMA.read_text()))


def test_a_cancelled_slot_is_free_again(place):
    cancel(place.patient, visit_at(place))

    assert place.hold(place.another_patient()).status_code == 201


def test_cancelling_twice_has_one_effect(place):
    visit = visit_at(place)

    first, again = cancel(place.patient, visit, key="a"), cancel(place.patient, visit, key="a")
    other = cancel(place.patient, visit, key="b", version=2)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert (other.status_code, other.json()["code"]) == (409, "not_allowed_from_here")
    assert OutboxEvent.objects.count() == 1


@pytest.mark.parametrize("trait", ["in_progress", "completed", "expired", "no_show"])
def test_a_visit_that_took_place_or_lapsed_is_not_cancelled(place, trait):
    answer = cancel(place.patient, visit_at(place, **{trait: True}))

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


@pytest.mark.parametrize(("early", "status"), [(timedelta(seconds=1), 200), (timedelta(0), 409)])
def test_a_booked_visit_is_cancelled_before_its_end_only(place, early, status):
    visit = visit_at(place)
    place.move_to(visit.ends_at - early)

    answer = cancel(place.patient, visit)

    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "visit_is_over"


def test_the_clinic_cancels_too_but_not_the_auditor(place):
    clinic = place.patient.clinic
    staff, auditor = StaffMemberFactory(clinic=clinic), AuditorFactory(clinic=clinic)

    assert cancel(auditor, visit_at(place)).status_code == 403
    assert cancel(staff, visit_at(place, starts_at=NOW + timedelta(days=1))).status_code == 200


@pytest.mark.parametrize("body", [{"reason": "because"}, {"reason": None}, {**WHY, "note": "x"}])
def test_a_reason_is_one_of_the_codes(place, body):
    visit = visit_at(place)

    assert cancel(place.patient, visit, body).status_code == 400
    assert (
        Caller(place.patient).post(f"/v1/visits/{visit.ref}/cancel", version=1).status_code == 400
    )
