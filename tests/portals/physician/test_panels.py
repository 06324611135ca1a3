"""What the panels beside a review say: numbers of the pack, days of the window, graded symptoms."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from backend.portals.physician.panels.dose import dose_of
from backend.portals.physician.panels.labs import lab_charts
from backend.portals.physician.panels.pregnancy import BACK, ribbon
from backend.portals.physician.panels.symptoms import heat_map
from backend.protocol.case import Case, Lab, Patient, PregnancyTest
from backend.protocol.pack import load

JP = load("jp_house_2026")
TODAY = date(2026, 6, 20)


def case(**facts):
    return Case(now=datetime(2026, 6, 20, 3, tzinfo=UTC), **facts)


def negative(day):
    return PregnancyTest(taken_on=day, result="negative", setting="clinic")


@pytest.mark.parametrize(("taken_on", "left"), [(14, 1), (13, 0), (20, 7)])
def test_the_ribbon_counts_the_day_of_the_test_as_the_first(taken_on, left):
    found = ribbon(case(pregnancy_tests=(negative(date(2026, 6, taken_on)),)), JP, TODAY)

    assert found.days_left == left
    assert found.marks[0].x == BACK - (20 - taken_on)


def test_who_cannot_become_pregnant_is_asked_for_no_test():
    male = Patient(can_become_pregnant=False, cannot_reason="male")

    assert not ribbon(case(patient=male), JP, TODAY).is_asked
    assert ribbon(case(), JP, TODAY).is_asked


def test_lipids_are_drawn_in_one_unit_with_the_numbers_of_the_pack():
    labs = (
        Lab("triglycerides", Decimal("2.0"), "mmol/L", date(2026, 5, 1)),
        Lab("triglycerides", Decimal(210), "mg/dL", date(2026, 6, 1)),
        Lab("alt", Decimal(20), "U/L", date(2026, 6, 1), uln=Decimal(40)),
    )

    lipids, alt = lab_charts(labs, JP)

    assert lipids.series[0].values == [Decimal("177.00"), Decimal(210)]
    assert [one.at for one in lipids.thresholds] == [500, 800]
    assert [one.at for one in alt.thresholds] == [40, 80, 120]


def test_the_curve_adds_each_hand_over_and_goes_on_with_the_plan():
    product = SimpleNamespace(strength_mg=20)
    handed = [
        SimpleNamespace(
            capsules=30,
            prescription=SimpleNamespace(product=product),
            handed_over_at=datetime(2026, month, 1, 3, tzinfo=UTC),
        )
        for month in (5, 4)
    ]
    plan = SimpleNamespace(daily_mg=20, days=30)

    dose = dose_of(
        dispenses=handed,
        dispensed_mg=Decimal(1200),
        weight_kg=Decimal(50),
        pack=JP,
        zone="Asia/Tokyo",
        prescription=plan,
        today=TODAY,
    )

    past, planned = dose.chart.series
    assert past.values == [Decimal(12), Decimal(24), None, None]
    assert planned.values == [None, None, Decimal(24), Decimal(36)]
    assert (dose.percent, dose.daily_mg_per_kg) == (20, Decimal("0.4"))


def test_without_a_weight_nothing_is_drawn_and_nothing_is_guessed():
    dose = dose_of(
        dispenses=[],
        dispensed_mg=Decimal(600),
        weight_kg=None,
        pack=JP,
        zone="Asia/Tokyo",
        today=TODAY,
    )

    assert dose.chart is None
    assert dose.dispensed_mg_per_kg is None
    assert dose.percent is None


def answered(day, **answers):
    return SimpleNamespace(
        status="answered",
        day=day,
        answered_at=datetime(2026, 5, day, tzinfo=UTC),
        decision="clear",
        answers={"items": {"lips": 2}, "red_flags": [], **answers},
    )


def test_the_heat_map_goes_from_the_oldest_and_leaves_gaps_where_nothing_was_said():
    asked = SimpleNamespace(status="open", answers=None)

    found = heat_map([answered(14, red_flags=["mood"], phq2=4), asked, answered(7)])

    assert [column.day for column in found.columns] == [7, 14]
    assert found.rows[0][1] == [2, 2]
    assert found.rows[1][1] == [None, None]
    assert len(found.columns[1].red_flags) == 1
    assert found.has_mood
