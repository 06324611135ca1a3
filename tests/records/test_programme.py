"""What a prevention programme outside our service holds is stated, and the rules read it."""

from datetime import UTC, datetime

import pytest

from backend import clock
from backend.protocol.assess import assess
from backend.protocol.facts import case_from_facts
from backend.protocol.pack import load
from backend.records.queries import facts_about
from tests.callers import Caller
from tests.factories.accounts import PatientFactory
from tests.factories.care import physician_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ENROLLED = {"patient_enrolled": True, "prescriber_certified": True, "pharmacy_certified": True}


def stated(patient, value):
    physician = Caller(physician_of(patient))
    body = {"patient": patient.ref, "topic": "programme", "value": value}
    return physician.post("/v1/statements", body)


def said_of(patient, rule):
    facts = {**facts_about(patient, at=clock.now()), "patient": {"zone": "America/New_York"}}
    case = case_from_facts(facts, NOW)
    found = assess(case, load("us_ipledge_2023"), "dispense").findings
    return [finding.level.value for finding in found if finding.rule == rule]


def test_p_us_02_holds_until_the_enrolments_are_stated():
    patient = PatientFactory()
    unknown = said_of(patient, "P-US-02")

    answer = stated(patient, ENROLLED)

    assert answer.status_code == 201
    assert (unknown, said_of(patient, "P-US-02")) == (["hold"], [])


def test_p_us_02_is_not_clear_for_who_is_not_enrolled():
    patient = PatientFactory()

    stated(patient, {**ENROLLED, "patient_enrolled": False})

    assert said_of(patient, "P-US-02") != []


def test_a_key_that_the_rules_do_not_know_is_refused():
    answer = stated(PatientFactory(), {"enrolled": True})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/value/enrolled"
