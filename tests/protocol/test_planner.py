"""The dose planner: capsules rounded down, supplies and cumulative dose (D-08, D-16)."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from backend.protocol.capsules import combination, reachable
from backend.protocol.planner import DosePlan, NoSuchDose, Target, plan_course

DAY = date(2026, 6, 15)


def plan(kg="52", daily="0.5", total="120", had="0", strengths=(10, 20, 30), **target) -> DosePlan:
    """A plan from 15 June 2026."""
    wanted = Target(Decimal(daily), Decimal(total), **{"starts_on": DAY, **target})
    return plan_course(
        weight_kg=Decimal(kg), target=wanted, strengths_mg=strengths, dispensed_mg=Decimal(had)
    )


@for_all(st.integers(1, 400), st.sets(st.integers(1, 40), min_size=1, max_size=4))
def test_d_16_capsules_add_up_and_none_is_missed(daily_mg, strengths):
    made = {0}
    for mg in range(1, daily_mg + 1):
        if any(mg - strength in made for strength in strengths):
            made.add(mg)

    capsules = combination(daily_mg, sorted(strengths))

    assert bool(capsules) == (daily_mg in made)
    assert not capsules or sum(capsules) == daily_mg


def test_d_16_as_few_capsules_as_possible_largest_first():
    assert combination(50, (10, 20, 30)) == (30, 20)
    assert combination(35, (5, 30)) == (30, 5)
    assert combination(40, (10, 20, 30)) == (20, 20)  # as many, but of one strength
    assert combination(0, (10, 20, 30)) == ()


@pytest.mark.parametrize("daily_mg", ["0", "-10"])
def test_d_16_no_capsules_are_no_dose(daily_mg):
    assert not reachable(Decimal(daily_mg), (10, 20, 30))


def test_d_16_very_large_and_broken_doses_are_answered_at_once():
    assert reachable(Decimal(999_999_999_990), (10, 20, 30))
    assert not reachable(Decimal(999_999_999_991), (10, 20, 30))
    assert not reachable(Decimal("10.5"), (10, 20, 30))
    assert not reachable(Decimal(10), ())


def test_d_08_the_planner_rounds_down_as_in_the_example():
    made = plan()

    assert (made.daily_mg, made.capsules, made.days) == (20, ((20, 1),), 312)
    assert made.dose_mg_per_kg_day == Fraction(5, 13)
    assert (made.cumulative_mg, made.cumulative_mg_per_kg) == (6240, 120)
    assert (made.starts_on, made.ends_on) == (DAY, date(2027, 4, 22))


def test_d_08_a_day_that_would_pass_the_target_is_not_planned():
    made = plan(kg="60", daily="1", had="7130")

    assert (made.capsules, made.days, made.cumulative_mg) == (((30, 2),), 1, 7190)
    assert made.ends_on == DAY


@pytest.mark.parametrize(("had", "days"), [("7140", 1), ("7141", 0), ("7200", 0), ("9000", 0)])
def test_d_08_what_was_dispensed_counts_and_nothing_may_be_left_to_take(had, days):
    made = plan(kg="60", daily="1", had=had)

    assert (made.days, len(made.supplies)) == (days, days)
    assert made.cumulative_mg == int(had) + 60 * days
    assert made.ends_on == (DAY if days else None)


def test_d_17_the_days_come_in_supplies_and_the_last_may_be_shorter():
    made = plan(days_per_supply=30)

    first, last = made.supplies[0], made.supplies[-1]
    assert (len(made.supplies), first.number, last.number) == (11, 1, 11)
    assert (first.starts_on, first.days, first.capsules, first.mg) == (DAY, 30, ((20, 30),), 600)
    assert (last.starts_on, last.days, last.capsules) == (date(2027, 4, 11), 12, ((20, 12),))
    assert (first.cumulative_mg, last.cumulative_mg) == (600, 6240)


def test_several_strengths_are_counted_each_by_itself():
    made = plan(kg="80", daily="0.8")

    assert (made.daily_mg, made.capsules) == (60, ((30, 2),))
    assert plan(kg="70", daily="0.8").capsules == ((30, 1), (20, 1))
    assert plan(kg="70", daily="0.8").supplies[0].capsules == ((30, 30), (20, 30))


@pytest.mark.parametrize(("limit", "total"), [("150", 7800), ("220", 11440), (None, 15600)])
def test_d_08_the_limit_of_the_pack_comes_before_the_target(limit, total):
    highest = None if limit is None else Decimal(limit)

    made = plan(total="300", daily="1", highest_mg_per_kg=highest)

    assert total - made.daily_mg < made.cumulative_mg <= total


@for_all(
    kg=st.decimals(20, 300, places=1),
    daily=st.decimals("0.05", 2, places=3),
    total=st.decimals(1, 300, places=1),
    had=st.integers(0, 70_000),
    strengths=st.sets(st.sampled_from([5, 8, 10, 16, 20, 24, 30, 32, 40]), min_size=1),
    days_per_supply=st.integers(7, 30),
)
def test_d_08_no_plan_ever_passes_the_targets_or_the_limit(
    *, kg, daily, total, had, strengths, days_per_supply
):
    limit = Decimal(220)
    try:
        made = plan(
            kg, daily, total, had, sorted(strengths),
            days_per_supply=days_per_supply, highest_mg_per_kg=limit,
        )  # fmt: skip
    except NoSuchDose:
        return

    weight, reachable_mg = Fraction(kg), Fraction(min(total, limit)) * Fraction(kg)
    assert 0 < made.dose_mg_per_kg_day <= Fraction(daily)
    assert made.daily_mg == sum(strength * count for strength, count in made.capsules)
    assert made.cumulative_mg <= max(reachable_mg, had)
    assert made.cumulative_mg + made.daily_mg > reachable_mg
    assert made.cumulative_mg_per_kg == made.cumulative_mg / weight
    assert made.cumulative_mg == had + sum(supply.mg for supply in made.supplies)
    assert sum(supply.days for supply in made.supplies) == made.days
    assert all(supply.days <= days_per_supply for supply in made.supplies)
    _follow_each_other(made)


def _follow_each_other(made):
    for before, after in zip(made.supplies, made.supplies[1:], strict=False):
        assert after.starts_on == before.starts_on + timedelta(days=before.days)
        assert after.cumulative_mg == before.cumulative_mg + after.mg


@for_all(had=st.integers(0, 8000), more=st.integers(0, 2000))
def test_d_08_more_that_was_dispensed_never_makes_the_rest_longer(had, more):
    assert plan(had=had + more).days <= plan(had=had).days


@pytest.mark.parametrize(("kg", "daily"), [("19.9", "0.5"), ("0", "0.5"), ("60", "0")])
def test_d_16_the_planner_says_when_no_capsule_fits(kg, daily):
    with pytest.raises(NoSuchDose):
        plan(kg=kg, daily=daily)


def test_d_16_every_whole_dose_below_the_target_is_tried():
    assert plan(kg="62").daily_mg == 30  # 31 mg would be half a milligram a kg
    assert plan(kg="3", strengths=(1,)).daily_mg == 1


def test_the_planner_keeps_what_was_dispensed_and_says_why_it_refuses():
    assert plan(had="7130").dispensed_mg == 7130
    with pytest.raises(NoSuchDose) as refused:
        plan(kg="19.9")
    assert refused.value.detail.en == "No capsules at or below the target."


def test_d_17_a_supply_may_be_one_day():
    made = plan(kg="20", total="1", days_per_supply=1)

    assert [(supply.days, supply.mg) for supply in made.supplies] == [(1, 10), (1, 10)]


@pytest.mark.parametrize("broken", [{"total": "0"}, {"strengths": ()}, {"days_per_supply": 0}])
def test_the_planner_refuses_what_is_not_positive(broken):
    with pytest.raises(NoSuchDose):
        plan(**broken)


def test_a_plan_of_more_than_120_supplies_is_refused():
    days = 120 * 7
    highest = plan(kg="20", daily="0.5", total=str(days // 2), days_per_supply=7)

    assert len(highest.supplies) == 120
    with pytest.raises(NoSuchDose) as refused:
        plan(kg="20", daily="0.5", total=str(days // 2 + 1), days_per_supply=7)
    assert refused.value.detail is not None
