"""The invented patients of the factories are who they say they are: the protocol agrees."""

from datetime import UTC, datetime
from typing import Any

import pytest

from backend.clock import civil_day
from backend.intake import queries as intake
from backend.protocol.assess import assess
from backend.protocol.facts import case_from_facts
from backend.protocol.pack import pack_in_force
from backend.records.queries import facts_about
from tests.factories.intake import make_consenting_patient, sign_everything
from tests.factories.records import make_patient_on_doxycycline, make_ready_man, make_ready_patient

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 3, tzinfo=UTC)
VISIT = {
    "kind": "first",
    "mode": "video",
    "on": "2026-03-10",
    "video_seconds": 900,
    "history": "records",
    "care_plan_agreed": True,
    "identity_verified": True,
    "privacy_confirmed": True,
    "hospital_arranged": True,
    "mood_asked": True,
    "sexual_function_asked": True,
}
PRESCRIPTION = {
    "product": "standard",
    "soya_oil": True,
    "daily_mg": 20,
    "days": 30,
    "issued_on": "2026-03-10",
    "lot_importer": "dr_a",
    "route": "in_house",
    "voided": False,
}


def prescribe(patient, at=AT):
    """What the JP pack says of a first prescription of 20 mg for 30 days."""
    facts: dict[str, Any] = facts_about(patient, at=at)
    facts["patient"] |= {"zone": patient.zone, "birth_on": patient.birth_on}
    facts["course"] |= {"number": 1, "status": "not_started", "dispensed_mg": 0}
    facts["visit"] = VISIT | intake.facts_about(patient, at=at)["visit"]
    facts["prescriber"] = {"code": "dr_a", "online_training_done": True, "retinoid_expert": True}
    facts["prescription"] = PRESCRIPTION
    pack = pack_in_force("jp", civil_day(at, patient.zone))
    return assess(case_from_facts(facts, at), pack, "prescribe")


def rules_of(assessment):
    return {finding.rule for finding in assessment.findings}


def test_a_ready_patient_who_consented_is_clear_to_start():
    assessment = prescribe(make_consenting_patient(at=AT))

    assert assessment.decision == "clear", assessment.findings
    assert assessment.missing == ()


def test_without_consents_she_is_not():
    assessment = prescribe(make_ready_patient(at=AT))

    assert assessment.decision == "hold"
    assert {"S-12", "J-10", "J-21", "J-25"} <= rules_of(assessment)


def test_a_ready_man_is_clear_to_start():
    man = make_ready_man(at=AT)
    sign_everything(man, at=AT)

    assert prescribe(man).decision == "clear", prescribe(man).findings


def test_c_11_who_takes_doxycycline_is_blocked():
    patient = make_patient_on_doxycycline(at=AT)
    sign_everything(patient, at=AT)

    assessment = prescribe(patient)

    assert assessment.decision == "block"
    assert "C-11" in rules_of(assessment)


@pytest.mark.parametrize(
    ("left_out", "rule"),
    [("weights", "D-19"), ("labs", "L-01"), ("tests", "P-JP-02"), ("phq", "C-19")],
)
def test_what_is_left_out_is_missed(left_out, rule):
    patient = make_ready_patient(at=AT, without=[left_out])
    sign_everything(patient, at=AT)

    assessment = prescribe(patient)

    assert assessment.decision == "hold"
    assert rule in rules_of(assessment)


def test_she_is_ready_on_her_own_clock():
    patient = make_consenting_patient(on_clock=True)

    assert prescribe(patient).decision == "clear"
