"""Taking back what was entered in error."""

import pytest

from backend.audit.models import AuditEntry
from tests.callers import Caller
from tests.factories.accounts import StaffMemberFactory
from tests.factories.care import physician_of
from tests.factories.records import PregnancyTestFactory, WeightFactory

pytestmark = pytest.mark.django_db


def physician_for(fact):
    return physician_of(fact.patient)


def test_a_retracted_fact_stays_and_says_who_and_why():
    weight = WeightFactory()
    physician = physician_for(weight)

    answer = Caller(physician).post(
        f"/v1/weights/{weight.ref}/retract", {"reason": "wrong_value"}, version=1
    )

    assert answer.status_code == 200
    assert answer.json()["status"] == "retracted"
    assert answer.json()["available_actions"] == []
    weight.refresh_from_db()
    assert weight.retracted_by == physician.user.actor.label
    assert AuditEntry.objects.get().facts == {"reason": "wrong_value"}


def test_nothing_is_retracted_twice():
    test = PregnancyTestFactory(retracted=True)

    answer = Caller(physician_for(test)).post(
        f"/v1/pregnancy_tests/{test.ref}/retract", {"reason": "duplicate"}, version=2
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


def test_a_stale_version_is_refused():
    weight = WeightFactory()

    answer = Caller(physician_for(weight)).post(
        f"/v1/weights/{weight.ref}/retract", {"reason": "wrong_value"}, version=7
    )

    assert answer.status_code == 412
    weight.refresh_from_db()
    assert weight.status == "noted"


def test_a_reason_that_is_none_of_the_codes_is_malformed():
    weight = WeightFactory()

    answer = Caller(physician_for(weight)).post(
        f"/v1/weights/{weight.ref}/retract", {"reason": "changed my mind"}, version=1
    )

    assert answer.status_code == 400


def test_a_patient_retracts_nothing_and_another_clinic_finds_nothing():
    weight = WeightFactory()
    path = f"/v1/weights/{weight.ref}/retract"

    by_patient = Caller(weight.patient).post(path, {"reason": "duplicate"}, version=1)
    by_stranger = Caller(StaffMemberFactory()).post(path, {"reason": "duplicate"}, version=1)

    assert (by_patient.status_code, by_stranger.status_code) == (403, 404)
