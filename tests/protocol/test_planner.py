"""The dose planner: capsules rounded down, days and cumulative dose (D-08, D-16)."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from backend.protocol.capsules import combination, reachable
from backend.protocol.planner import NoSuchDose, plan_course


@for_all(st.integers(1, 400), st.sets(st.integers(1, 40), min_size=1, max_size=4))
def test_d_16_capsules_add_up_and_none_is_missed(daily_mg, strengths):
    made = {0}
    for mg in range(1, daily_mg + 1):
        if any(mg - strength in made for strength in strengths):
            made.add(mg)

    capsules = combination(daily_mg, sorted(strengths))

    assert bool(capsules) == (daily_mg in made)
    assert not capsules or sum(capsules) == daily_mg


def test_d_16_very_large_and_broken_doses_are_answered_at_once():
    assert reachable(Decimal(999_999_999_990), (10, 20, 30))
    assert not reachable(Decimal(999_999_999_991), (10, 20, 30))
    assert not reachable(Decimal("10.5"), (10, 20, 30))
    assert not reachable(Decimal(10), ())


def test_d_08_the_planner_rounds_down_as_in_the_example():
    plan = plan_course(
        weight_kg=Decimal(52),
        target_mg_per_kg_day=Decimal("0.5"),
        target_cumulative_mg_per_kg=Decimal(120),
        strengths_mg=(10, 20, 30),
        starts_on=date(2026, 6, 15),
    )

    assert (plan.daily_mg, plan.capsules_mg, plan.days) == (20, (20,), 312)
    assert plan.dose_mg_per_kg_day == Fraction(5, 13)
    assert (plan.cumulative_mg, plan.cumulative_mg_per_kg) == (6240, 120)
    assert plan.ends_on == date(2027, 4, 22)


def test_d_08_the_planner_counts_what_was_dispensed():
    plan = plan_course(
        weight_kg=Decimal(60),
        target_mg_per_kg_day=Decimal(1),
        target_cumulative_mg_per_kg=Decimal(120),
        strengths_mg=(10, 20, 30),
        starts_on=date(2026, 6, 15),
        dispensed_mg=Decimal(7130),
    )

    assert (plan.capsules_mg, plan.days, plan.cumulative_mg) == ((30, 30), 2, 7250)
    assert plan.ends_on == date(2026, 6, 16)


@pytest.mark.parametrize(("kg", "target"), [("19.9", "0.5"), ("0", "0.5"), ("60", "0")])
def test_d_16_the_planner_says_when_no_capsule_fits(kg, target):
    with pytest.raises(NoSuchDose):
        plan_course(
            weight_kg=Decimal(kg),
            target_mg_per_kg_day=Decimal(target),
            target_cumulative_mg_per_kg=Decimal(120),
            strengths_mg=(10, 20, 30),
            starts_on=date(2026, 6, 15),
        )
