"""What the dosing rules say of a plan, supply by supply."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from backend.protocol.case import Case, Course, Patient, Prescription, Weight
from backend.protocol.pack import load
from backend.protocol.plan_check import objections, rules_of
from backend.protocol.planner import Target, plan_course

NOW = datetime(2026, 6, 15, 3, tzinfo=UTC)
TODAY = date(2026, 6, 15)
NEXT = date(2026, 6, 16)
JP, US = load("jp_house_2026"), load("us_ipledge_2023")
WEIGHT = Weight(Decimal(60), date(2026, 6, 1))
PLANNED = Case(
    now=NOW,
    patient=Patient(
        zone="Asia/Tokyo", birth_on=date(2000, 1, 1), weights=(WEIGHT,), conditions=()
    ),
    course=Course(
        number=1, status="not_started", dispensed_mg=Decimal(0), indication="acne",
        iga=3, scarring=False, taken_with_food=True,
    ),
)  # fmt: skip
STANDARD = Prescription(product="standard", doses_per_day=1)


def checked(daily, total, case=PLANNED, *, pack=JP, wanted=STANDARD, had="0", starts_on=TODAY):
    target = Target(Decimal(daily), Decimal(total), starts_on, highest_mg_per_kg=Decimal(220))
    plan = plan_course(
        weight_kg=Decimal(60), target=target, strengths_mg=(10, 20, 30), dispensed_mg=Decimal(had)
    )
    course = replace(case.course, dispensed_mg=Decimal(had))
    found = objections(replace(case, course=course), pack, plan, wanted)
    return {(one.finding.rule, one.finding.level.value): one.supplies for one in found}, plan


def test_d_01_only_the_first_supply_is_the_start():
    found, plan = checked("1", "120")

    assert len(plan.supplies) == 4
    assert found == {("D-01", "warn"): (1,)}


def test_d_02_and_d_10_a_low_dose_is_said_of_every_supply():
    found, plan = checked("0.4", "100")

    every = tuple(range(1, len(plan.supplies) + 1))
    assert found[("D-02", "warn")] == found[("D-10", "warn")] == every


def test_d_03_a_dose_above_one_needs_grounds():
    mild, _ = checked("1.5", "30")
    grave, _ = checked("1.5", "30", replace(PLANNED, course=replace(PLANNED.course, iga=4)))

    assert ("D-03", "hold") in mild
    assert ("D-03", "senior") in grave


def test_d_07_the_supplies_after_24_weeks_are_named():
    found, _ = checked("0.5", "120")

    assert found[("D-07", "senior")] == (7, 8)  # from day 180 and day 210


def test_d_08_the_supplies_that_pass_150_mg_per_kg_are_named():
    found, plan = checked("1", "180")

    assert found[("D-08", "warn")] == (6,)
    assert plan.supplies[5].cumulative_mg == 180 * 60


def test_d_08_what_was_dispensed_before_counts():
    found, _ = checked("1", "180", had="7200")

    assert found[("D-08", "warn")] == (2,)


def test_d_13_what_holds_the_start_is_not_said_of_later_supplies():
    risky = replace(PLANNED, patient=replace(PLANNED.patient, conditions=("truncal_nodules",)))

    found, _ = checked("0.5", "60", risky)

    assert found[("D-13", "hold")] == (1,)


def test_what_is_not_known_holds_and_is_named_once():
    unknown = replace(PLANNED, patient=replace(PLANNED.patient, conditions=None))
    target = Target(Decimal("0.5"), Decimal(60), TODAY)
    plan = plan_course(weight_kg=Decimal(60), target=target, strengths_mg=(10,))

    found = objections(unknown, JP, plan, STANDARD)

    named = {one.finding.missing for one in found if one.finding.rule == "D-11"}
    assert named == {("patient.conditions",)}


def test_d_19_later_supplies_are_asked_as_if_weighed_on_their_day():
    found, _ = checked("0.5", "120")

    assert not any(rule == "D-19" for rule, _ in found)


@pytest.mark.parametrize(("days_ago", "supplies"), [(167, (2, 3)), (168, (1, 2, 3))])
def test_d_07_a_course_that_runs_is_asked_by_its_own_first_day(days_ago, supplies):
    course = replace(
        PLANNED.course,
        status="running",
        started_on=TODAY - timedelta(days=days_ago),
        last_daily_mg=Decimal(30),
        last_product="standard",
    )

    found, _ = checked("0.5", "45", replace(PLANNED, course=course))

    assert found == {("D-07", "senior"): supplies}


def test_d_04_how_it_is_taken_is_asked_where_the_pack_asks_it():
    once, plan = checked("0.5", "60", pack=US)
    twice, _ = checked("0.5", "60", pack=US, wanted=replace(STANDARD, doses_per_day=2))

    assert once[("D-04", "warn")] == tuple(range(1, len(plan.supplies) + 1))
    assert ("D-04", "warn") not in twice


@pytest.mark.parametrize("days", [0, 1, 40])
def test_a_plan_may_begin_later_and_the_first_dose_is_still_the_start(days):
    found, _ = checked("1", "120", starts_on=TODAY + timedelta(days=days))

    assert found == {("D-01", "warn"): (1,)}


def test_the_rules_are_told_by_supply_too():
    target = Target(Decimal(1), Decimal(60), TODAY)
    plan = plan_course(weight_kg=Decimal(60), target=target, strengths_mg=(30,))

    found = objections(PLANNED, JP, plan, STANDARD)

    assert rules_of(found, len(plan.supplies)) == {1: ("D-01",), 2: ()}


def test_the_most_severe_objection_stands_first():
    _, plan = checked("1.5", "30")

    found = objections(PLANNED, JP, plan, STANDARD)

    ranks = [one.finding.level.rank for one in found]
    assert ranks == sorted(ranks, reverse=True)
    assert len(set(ranks)) > 1


def test_d_06_later_supplies_are_of_the_product_that_is_planned():
    found, plan = checked("0.5", "60", pack=US, wanted=replace(STANDARD, doses_per_day=2))

    assert len(plan.supplies) > 1
    assert not any(rule == "D-06" for rule, _ in found)


@pytest.mark.parametrize(("starts_on", "says"), [(TODAY, {("D-19", "hold"): (1,)}), (NEXT, {})])
def test_d_19_a_supply_of_today_is_asked_with_the_weight_as_it_is_known(starts_on, says):
    old = Weight(Decimal(60), date(2026, 5, 1))
    light = replace(PLANNED, patient=replace(PLANNED.patient, weights=(old,)))

    found, _ = checked("0.5", "60", light, starts_on=starts_on)

    assert {key: value for key, value in found.items() if key[0] == "D-19"} == says


def test_d_19_today_is_the_day_where_the_patient_lives():
    old = Weight(Decimal(60), date(2026, 5, 1))
    late = replace(
        PLANNED,
        now=datetime(2026, 6, 15, 20, tzinfo=UTC),  # the 16th in Tokyo
        patient=replace(PLANNED.patient, weights=(old,)),
    )

    found, _ = checked("0.5", "60", late, starts_on=NEXT)

    assert found[("D-19", "hold")] == (1,)


def test_d_07_the_days_of_later_supplies_are_counted_where_the_patient_lives():
    far_east = replace(PLANNED.patient, zone="Pacific/Kiritimati")  # fourteen hours ahead
    course = replace(
        PLANNED.course,
        status="running",
        started_on=TODAY - timedelta(days=137),
        last_daily_mg=Decimal(30),
        last_product="standard",
    )

    found, _ = checked("0.5", "45", replace(PLANNED, patient=far_east, course=course))

    assert found == {("D-07", "senior"): (3,)}  # the second is of day 167


def test_d_08_a_part_of_a_milligram_that_was_dispensed_counts():
    found, _ = checked("0.5", "180", had="8100.5")

    assert found[("D-08", "warn")] == tuple(range(1, 4))
