"""What the rules are told about a course and a prescription."""

from datetime import date
from decimal import Decimal

import pytest

from backend.prescriptions.facts import merged, of_previous
from backend.prescriptions.models import Course
from backend.prescriptions.queries import assess_now, facts_for
from backend.protocol.facts import case_from_facts
from tests.factories.formulary import LotFactory
from tests.factories.prescriptions import (
    NOW,
    CourseFactory,
    PrescriptionFactory,
    ready_patient,
    ready_prescription,
)
from tests.factories.records import WeightFactory


def test_facts_are_laid_over_each_other_section_by_section():
    low = {"visit": {"mode": "video", "kind": "first"}, "labs": [1]}

    high = merged([low, {"visit": {"kind": "follow_up"}, "labs": []}])

    assert high == {"visit": {"mode": "video", "kind": "follow_up"}, "labs": []}
    assert low["visit"]["kind"] == "first"


@pytest.mark.django_db
def test_a_ready_patient_gives_a_case_with_every_section():
    row = ready_prescription()

    facts = facts_for(course=row.course, prescription=row, at=NOW)

    case = case_from_facts(facts, NOW)
    assert (case.patient.zone, case.patient.birth_on) == ("Asia/Tokyo", date(2001, 6, 15))
    assert case.prescriber.code == row.created_by.staff_member.ref
    assert (case.prescriber.online_training_done, case.prescriber.retinoid_expert) == (True, True)
    assert (case.course.number, case.course.status) == (1, "not_started")
    assert case.course.dispensed_mg == 0
    assert case.prescription.lot_importer == "none"
    assert (case.prescription.daily_mg, case.prescription.days) == (20, 30)
    assert case.visit.identity_verified is True
    assert set(case.visit.consents or ()) >= {"treatment", "online_care", "personal_data"}
    assert case.pregnancy_tests is not None


@pytest.mark.django_db
def test_an_unverified_patient_is_said_to_be_so():
    course = CourseFactory(patient__unverified=True)

    facts = facts_for(course=course, at=NOW)

    assert facts["visit"]["identity_verified"] is False
    assert "prescription" not in facts


@pytest.mark.django_db
def test_the_extra_facts_of_a_hand_over_are_laid_over_the_rest():
    row = ready_prescription()
    hand_over = {"dispense": {"step": "hand_over", "days_supplied": 30}}

    facts = facts_for(course=row.course, prescription=row, at=NOW, extra=hand_over)

    assert facts["dispense"] == {"step": "hand_over", "days_supplied": 30}


@pytest.mark.django_db
def test_what_was_dispensed_counts_without_returns_and_before_this_prescription():
    course = CourseFactory(running=True)
    PrescriptionFactory(course=course, dispensed=True, daily_mg=40, returned_capsules=5)
    this = PrescriptionFactory(course=course, partially_dispensed=True)

    facts = facts_for(course=course, prescription=this, at=NOW)

    assert facts["course"]["dispensed_mg"] == str((60 - 5) * 20)
    assert course.dispensed_mg == (60 - 5 + 10) * 20
    assert (facts["course"]["last_daily_mg"], facts["course"]["last_product"]) == (40, "standard")


@pytest.mark.django_db
def test_a_prescription_that_was_never_handed_over_is_no_last_supply():
    course = CourseFactory(running=True)
    PrescriptionFactory(course=course, expired=True)

    assert "last_daily_mg" not in facts_for(course=course, at=NOW)["course"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("started_on", "phase"), [(None, "not_started"), (date(2026, 1, 6), "running")]
)
def test_a_halted_course_is_in_the_phase_in_which_it_was_halted(started_on, phase):
    course = CourseFactory(halted=True, started_on=started_on)

    assert facts_for(course=course, at=NOW)["course"]["status"] == phase


@pytest.mark.django_db
def test_an_imported_lot_names_its_importer_and_a_void_one_says_so():
    importer = CourseFactory().created_by.staff_member
    lot = LotFactory(product__clinic=importer.clinic, importer=importer)
    row = PrescriptionFactory(
        course__patient__clinic=importer.clinic, lot=lot, product=lot.product, voided=True
    )

    said = facts_for(course=row.course, prescription=row, at=NOW)["prescription"]

    assert (said["lot_importer"], said["voided"]) == (importer.ref, True)


@pytest.mark.django_db
def test_the_course_before_is_told_in_milligrams_per_kilogram():
    patient = ready_patient()
    first = CourseFactory(patient=patient, ended=True)
    PrescriptionFactory(course=first, dispensed=True)  # 600 mg
    WeightFactory(patient=patient, taken_on=date(2025, 8, 1), kg=Decimal("50.0"))
    second = CourseFactory(patient=patient, number=2)

    previous = facts_for(course=second, at=NOW)["course"]["previous"]

    assert previous == {"ended_on": "2025-09-01", "dispensed_mg_per_kg": "12.000"}


@pytest.mark.parametrize(
    ("weights", "per_kg"),
    [
        ([], None),
        ([{"kg": "60", "on": "2025-09-01"}, {"kg": "50", "on": "2025-09-02"}], "20.000"),
        ([{"kg": "50", "on": "2025-09-02"}], "24.000"),
        ([{"kg": "70", "on": "2025-01-01"}, {"kg": "60", "on": "2025-08-31"}], "20.000"),
    ],
)
def test_the_weight_of_the_last_day_is_the_newest_until_then(weights, per_kg, monkeypatch):
    course = Course(ended_on=date(2025, 9, 1))
    monkeypatch.setattr(Course, "dispensed_mg", Decimal(1200))

    said = of_previous(course, weights)

    assert said.get("dispensed_mg_per_kg") == per_kg


@pytest.mark.django_db
def test_the_pack_in_force_where_the_patient_lives_answers():
    row = ready_prescription()
    facts = facts_for(course=row.course, prescription=row, at=NOW)

    assessment, case = assess_now(facts, "prescribe", row.patient, NOW)

    assert (assessment.pack, assessment.in_force) == ("jp_house_2026", True)
    assert case.now == NOW


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_record(django_assert_max_num_queries):
    row = ready_prescription()
    for kg in ("53.0", "54.0", "55.0"):
        WeightFactory(patient=row.patient, kg=Decimal(kg))

    with django_assert_max_num_queries(15):
        facts_for(course=row.course, prescription=row, at=NOW)
