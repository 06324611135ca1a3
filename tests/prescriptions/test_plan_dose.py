"""Planning a dose: from mg/kg to capsules, supplies and an end; nothing is stored."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import Decision, Prescription
from tests.callers import Caller
from tests.factories.accounts import (
    AuditorFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.factories.care import physician_of
from tests.factories.formulary import LotFactory, ProductFactory
from tests.factories.pharmacy import DispenseFactory, MedicineReturnFactory
from tests.factories.prescriptions import CourseFactory, PrescriptionFactory, ready_patient
from tests.factories.records import WeightFactory

pytestmark = pytest.mark.django_db
USUAL = {"target_daily_mg_per_kg": "0.5", "target_cumulative_mg_per_kg": "120"}


@pytest.fixture
def course():
    """A planned course of a woman of 52 kg; the clinic holds 10 and 20 mg."""
    course = CourseFactory(patient=ready_patient())
    for strength in (10, 20):
        hold(course, strength)
    return course


def hold(course, strength, *, code="standard", **of_lot):
    product = ProductFactory(clinic=course.patient.clinic, strength_mg=strength, code=code)
    return LotFactory(product=product, **of_lot)


def plan(course, by=None, **changes):
    caller = Caller(by or physician_of(course.patient))
    return caller.post(f"/v1/courses/{course.ref}/plan_dose", {**USUAL, **changes})


def test_d_08_the_example_of_the_rule_book(course):
    answer = plan(course)

    said = answer.json()
    assert answer.status_code == 200, said
    assert (said["weight_kg"], said["weighed_on"]) == ("52", "2026-03-03")
    assert (said["daily_mg"], said["dose_mg_per_kg_day"]) == (20, "0.384")
    assert said["capsules_per_day"] == [{"strength_mg": 20, "capsules": 1}]
    assert (said["days"], said["days_per_supply"], len(said["supplies"])) == (312, 30, 11)
    assert (said["starts_on"], said["ends_on"]) == ("2026-03-10", "2027-01-15")
    assert (said["dispensed_mg"], said["dispensed_mg_per_kg"]) == ("0", "0")
    assert (said["cumulative_mg"], said["cumulative_mg_per_kg"]) == ("6240", "120")
    assert (said["product"], said["strengths_mg"]) == ("standard", [10, 20])
    assert said["limit_mg_per_kg"] == "220"


def test_the_table_of_supplies_is_the_curve_of_the_total(course):
    supplies = plan(course, days_per_supply=28).json()["supplies"]

    assert supplies[0] == {
        "number": 1,
        "starts_on": "2026-03-10",
        "days": 28,
        "capsules": [{"strength_mg": 20, "capsules": 28}],
        "mg": 560,
        "cumulative_mg": "560",
        "cumulative_mg_per_kg": "10.769",
        "rules": ["D-02", "D-10"],
    }
    assert [supply["days"] for supply in supplies[-2:]] == [28, 4]
    assert supplies[-1]["cumulative_mg"] == "6240"


def test_the_rules_that_object_are_told_with_the_supplies_and_in_the_readers_language(course):
    physician = physician_of(course.patient)
    path = f"/v1/courses/{course.ref}/plan_dose"

    english = plan(course, by=physician).json()["findings"]
    japanese = Caller(physician, language="ja").post(path, USUAL).json()["findings"]

    found = {finding["rule"]: finding for finding in english}
    assert set(found) == {"D-02", "D-07", "D-10"}
    assert (found["D-07"]["level"], found["D-07"]["supplies"]) == ("senior", [7, 8, 9, 10, 11])
    assert found["D-10"]["supplies"] == list(range(1, 12))
    assert all(
        one["message"] != other["message"] for one, other in zip(english, japanese, strict=True)
    )


def test_d_08_what_was_dispensed_counts_less_what_came_back(course):
    given = DispenseFactory(
        prescription=PrescriptionFactory(course=course, claimed=True), capsules=30
    )
    MedicineReturnFactory(dispense=given, capsules=10)
    strength = given.prescription.product.strength_mg

    said = plan(course).json()

    had = 20 * strength
    assert said["dispensed_mg"] == str(had)
    assert said["days"] == (6240 - had) // 20
    assert said["supplies"][0]["cumulative_mg"] == str(had + 600)


def test_d_08_the_total_stops_at_the_limit_of_the_pack(course):
    said = plan(course, target_cumulative_mg_per_kg="300").json()

    assert said["cumulative_mg_per_kg"] == "220"
    assert {f["rule"]: f["level"] for f in said["findings"]}["D-08"] == "warn"


def test_nothing_is_left_to_plan_when_the_target_is_reached(course):
    said = plan(course, target_cumulative_mg_per_kg="1", target_daily_mg_per_kg="2").json()

    assert (said["days"], said["ends_on"], said["supplies"]) == (0, None, [])
    assert said["findings"] == []


def test_the_capsules_are_those_of_lots_in_use_that_last_through_the_first_supply(course):
    hold(course, 30, recalled=True)
    hold(course, 40, expires_on=date(2026, 4, 7))

    through = plan(course, days_per_supply=29).json()["strengths_mg"]
    beyond = plan(course, days_per_supply=30).json()["strengths_mg"]

    assert (through, beyond) == ([10, 20, 40], [10, 20])


def test_only_one_kind_of_capsule_is_planned_at_a_time(course):
    hold(course, 8, code="micronised")

    said = plan(course, product="micronised").json()

    assert (said["product"], said["strengths_mg"], said["daily_mg"]) == ("micronised", [8], 24)
    assert ("D-16", "hold") in {(f["rule"], f["level"]) for f in said["findings"]}


def test_a_clinic_without_stock_is_told_so(course):
    answer = plan(course, product="lidose")

    assert (answer.status_code, answer.json()["code"]) == (422, "no_such_dose")


@pytest.mark.parametrize(("taken_on", "status"), [(date(2026, 2, 8), 200), (date(2026, 2, 7), 422)])
def test_d_19_a_weight_of_thirty_days_will_do_and_an_older_one_is_named(taken_on, status):
    course = CourseFactory(patient=ready_patient(without=("weights",)))
    hold(course, 20)
    WeightFactory(patient=course.patient, taken_on=taken_on)

    answer = plan(course)

    assert answer.status_code == status
    if status == 422:
        said = answer.json()
        assert (said["code"], said["missing"]) == ("weight_needed", ["patient.weights"])
        assert said["weighed_on"] == "2026-02-07"


def test_d_19_a_patient_who_was_never_weighed_has_no_plan():
    course = CourseFactory(patient=ready_patient(without=("weights",)))
    hold(course, 20)

    answer = plan(course)

    assert answer.status_code == 422
    assert (answer.json()["missing"], answer.json()["weighed_on"]) == (["patient.weights"], None)


def test_it_may_begin_later_and_not_earlier(course):
    later, earlier = plan(course, starts_on="2026-03-20"), plan(course, starts_on="2026-03-09")

    assert later.json()["supplies"][0]["starts_on"] == "2026-03-20"
    assert (earlier.status_code, earlier.json()["code"]) == (422, "day_not_possible")


@pytest.mark.parametrize("trait", ["halted", "ended", "cancelled"])
def test_what_is_not_open_is_not_planned(trait):
    course = CourseFactory(patient=ready_patient(), **{trait: True})

    assert plan(course).status_code == 409


def test_nothing_is_stored_and_the_look_is_recorded(course):
    before = Prescription.objects.count(), Decision.objects.count(), OutboxEvent.objects.count()

    plan(course)

    entry = AuditEntry.objects.get(action="course.plan_dose")
    assert (entry.outcome, set(entry.facts)) == ("done", {"pack_version"})
    assert entry.patient_ref == course.patient.ref
    after = Prescription.objects.count(), Decision.objects.count(), OutboxEvent.objects.count()
    assert after == before
    course.refresh_from_db()
    assert course.version == 1


def test_staff_may_plan_too_and_nobody_else_may(course):
    clinic = course.patient.clinic

    assert plan(course, by=StaffMemberFactory(clinic=clinic)).status_code == 200
    assert plan(course, by=course.patient).status_code == 403
    assert plan(course, by=AuditorFactory(clinic=clinic)).status_code == 403
    assert plan(course, by=PhysicianFactory()).status_code == 404


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"target_daily_mg_per_kg": 0.5}, "/target_daily_mg_per_kg"),
        ({"target_daily_mg_per_kg": "0"}, "/target_daily_mg_per_kg"),
        ({"target_daily_mg_per_kg": "2.001"}, "/target_daily_mg_per_kg"),
        ({"target_cumulative_mg_per_kg": "-120"}, "/target_cumulative_mg_per_kg"),
        ({"days_per_supply": 31}, "/days_per_supply"),
        ({"days_per_supply": 6}, "/days_per_supply"),
        ({"weight_kg": "52"}, "/weight_kg"),
    ],
)
def test_what_is_not_well_formed_is_pointed_at(course, changes, pointer):
    answer = plan(course, **changes)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_the_number_of_queries_does_not_grow_with_the_supplies(course):
    plan(course)  # the caches that every process fills once

    with CaptureQueriesContext(connection) as few:
        short = plan(course, days_per_supply=30).json()
    with CaptureQueriesContext(connection) as many:
        long = plan(course, days_per_supply=7).json()

    assert (len(short["supplies"]), len(long["supplies"])) == (11, 45)
    assert len(few) == len(many)
