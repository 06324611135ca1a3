"""What is known about a patient, in the words of the protocol."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.protocol.facts import case_from_facts
from backend.records.queries import facts_about
from tests.factories.accounts import PatientFactory
from tests.factories.records import (
    LabResultFactory,
    PhqScoreFactory,
    PregnancyTestFactory,
    StatementFactory,
    WeightFactory,
    make_patient_on_doxycycline,
    make_ready_patient,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 3, tzinfo=UTC)


def test_of_a_patient_about_whom_nothing_was_noted_nothing_is_known():
    patient = PatientFactory()

    assert facts_about(patient, at=NOW) == {}


def test_a_ready_patient_is_a_case_of_the_protocol():
    patient = make_ready_patient(at=NOW)

    case = case_from_facts(facts_about(patient, at=NOW), NOW)

    assert case.patient.weights[0].kg == Decimal(52)
    assert case.patient.medicines == ()
    assert [method.code for method in case.contraception.methods] == [
        "combined_pill",
        "male_condom",
    ]
    assert [test.taken_on for test in case.pregnancy_tests] == [date(2026, 2, 9), date(2026, 3, 9)]
    assert {lab.analyte: lab.uln for lab in case.labs} == {
        "alt": Decimal(40),
        "triglycerides": None,
    }
    assert (case.phq[0].phq9, case.phq[0].item9) == (1, 0)
    assert (case.course.severity, case.course.iga) == ("severe", 4)


def test_the_number_of_queries_does_not_grow_with_the_record():
    slight, full = make_ready_patient(at=NOW), make_ready_patient(at=NOW)
    for days in range(1, 9):
        for make in (WeightFactory, PregnancyTestFactory, LabResultFactory, PhqScoreFactory):
            make(patient=full, taken_on=NOW.date() - timedelta(days=days))

    with CaptureQueriesContext(
        connection,
    ) as few:
        facts_about(slight, at=NOW)
    with CaptureQueriesContext(connection) as many:
        facts_about(full, at=NOW)

    assert len(few) == len(many) == 2


def test_the_newest_statement_of_a_topic_counts():
    patient = PatientFactory()
    StatementFactory(patient=patient, noted_at=NOW - timedelta(days=9), value={"pregnant": True})
    StatementFactory(patient=patient, noted_at=NOW, value={"pregnant": False})

    assert facts_about(patient, at=NOW)["patient"] == {"pregnant": False}


def test_a_fact_that_two_topics_state_is_as_the_newer_says():
    patient = PatientFactory()
    StatementFactory(
        patient=patient,
        topic="skin_assessment",
        noted_at=NOW,
        value={"scarring": True, "lesions_now": 12},
    )
    StatementFactory(
        patient=patient,
        topic="acne",
        noted_at=NOW - timedelta(days=30),
        value={"scarring": False, "severity": "severe"},
    )

    course = facts_about(patient, at=NOW)["course"]

    assert course == {"scarring": True, "lesions_now": 12, "severity": "severe"}


def test_a_retracted_fact_does_not_count_and_the_one_before_it_does():
    patient = PatientFactory()
    StatementFactory(patient=patient, noted_at=NOW - timedelta(days=9), value={"pregnant": True})
    StatementFactory(patient=patient, retracted=True, value={"pregnant": False})
    WeightFactory(patient=patient, retracted=True)

    facts = facts_about(patient, at=NOW + timedelta(days=2))

    assert facts == {"patient": {"pregnant": True}}


def test_what_was_known_at_an_instant_can_be_asked_later():
    patient = PatientFactory()
    WeightFactory(patient=patient, retracted=True)  # noted on the 9th, retracted on the 11th
    WeightFactory(patient=patient, taken_on=date(2026, 3, 11), kg=Decimal("50.5"))

    before = facts_about(patient, at=datetime(2026, 3, 8, tzinfo=UTC))
    between = facts_about(patient, at=NOW)
    after = facts_about(patient, at=datetime(2026, 3, 12, tzinfo=UTC))

    assert before == {}
    assert between["patient"]["weights"] == [{"kg": "52", "on": "2026-03-09"}]
    assert after["patient"]["weights"] == [{"kg": "50.5", "on": "2026-03-11"}]


def test_a_medicine_is_shown_by_code_without_its_text():
    patient = make_patient_on_doxycycline(at=NOW)

    assert facts_about(patient, at=NOW)["patient"]["medicines"] == [{"code": "doxycycline"}]


def test_one_unclassified_medicine_makes_all_medicines_unknown():
    listed = [{"code": "warfarin"}, {"code": "unclassified", "text": "白い錠剤"}]
    patient = make_ready_patient(at=NOW, said={"medicines": {"medicines": listed}})

    assert "medicines" not in facts_about(patient, at=NOW)["patient"]


def test_a_check_in_says_also_what_the_course_asks():
    patient = PatientFactory()
    StatementFactory(
        patient=patient,
        topic="checkin",
        value={
            "red_flags": [],
            "adherence": {"with_food": True, "missed_doses": 0},
            "day7_checkin_done": True,
        },
    )

    facts = facts_about(patient, at=NOW)

    assert facts["course"] == {"day7_checkin_done": True, "taken_with_food": True}
    assert "day7_checkin_done" not in facts["checkin"]
    case_from_facts(facts, NOW)


def test_a_check_in_of_an_earlier_course_says_nothing_about_this_one():
    patient = PatientFactory()
    value = {"red_flags": [], "adherence": {"with_food": True}, "day7_checkin_done": True}
    StatementFactory(patient=patient, topic="checkin", value=value, noted_at=NOW)

    found = facts_about(patient, at=NOW + timedelta(days=1), course_since=NOW + timedelta(days=1))

    assert "course" not in found
    assert "checkin" not in found
    same_course = facts_about(patient, at=NOW + timedelta(days=1), course_since=NOW)
    assert same_course["course"]["day7_checkin_done"] is True
