"""The dose planner: from a target dose to capsules, rounded down, and when the course would end.

Pure arithmetic for the physician to look at (docs/domain.md, Dosing); the rules are asked
separately, of the prescription that the physician then writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from backend.kernel.errors import Unprocessable
from backend.kernel.text import Text
from backend.protocol.capsules import combination
from backend.protocol.days import last_day


class NoSuchDose(Unprocessable):
    """No capsules make a dose at or below the target, or a number is not positive."""

    code = "no_such_dose"
    title = Text("この条件では用量を計画できません", "No dose can be planned on these numbers")


@dataclass(frozen=True, slots=True)
class DosePlan:
    """A plan: mg and capsules a day, and the course that reaches the cumulative target.

    `capsules_mg`: the strengths taken each day, largest first. `dose_mg_per_kg_day` and
    `cumulative_mg_per_kg` are exact. `ends_on` is the last dose day.
    """

    daily_mg: int
    capsules_mg: tuple[int, ...]
    dose_mg_per_kg_day: Fraction
    days: int
    starts_on: date
    ends_on: date
    cumulative_mg: Fraction
    cumulative_mg_per_kg: Fraction


def daily_capsules(target_mg: Fraction, strengths_mg: Sequence[int]) -> tuple[int, ...]:
    """The capsules of the highest daily dose at or below the target; fewest capsules."""
    for daily_mg in range(int(target_mg), 0, -1):
        if capsules := combination(daily_mg, strengths_mg):
            return capsules
    text = Text(
        "目標量以下のカプセルの組み合わせがありません。", "No capsules at or below the target."
    )
    raise NoSuchDose(text)


def plan_course(
    *,
    weight_kg: Decimal,
    target_mg_per_kg_day: Decimal,
    target_cumulative_mg_per_kg: Decimal,
    strengths_mg: Sequence[int],
    starts_on: date,
    dispensed_mg: Decimal = Decimal(0),
) -> DosePlan:
    """Plan a course, rounding the daily dose down to capsules of these strengths.

    Units: kg, mg/kg/day, mg/kg, mg, mg. `dispensed_mg` is what the course has had already; the
    days are those still needed to reach the cumulative target (the last day may pass it by less
    than one day's dose). Example: 52 kg, 0.5 mg/kg/day, capsules 10/20/30 -> 20 mg a day.
    Raises NoSuchDose. Source: docs/domain.md, D-01, D-08, D-16.
    """
    if min(weight_kg, target_mg_per_kg_day, target_cumulative_mg_per_kg) <= 0 or not strengths_mg:
        raise NoSuchDose(Text("正の数が必要です。", "The numbers must be above 0."))
    capsules = daily_capsules(Fraction(weight_kg) * Fraction(target_mg_per_kg_day), strengths_mg)
    daily_mg = sum(capsules)
    had_mg = Fraction(dispensed_mg)
    wanted_mg = Fraction(target_cumulative_mg_per_kg) * Fraction(weight_kg) - had_mg
    days = max(0, -(-wanted_mg // daily_mg))
    total_mg = had_mg + days * daily_mg
    return DosePlan(
        daily_mg=daily_mg,
        capsules_mg=capsules,
        dose_mg_per_kg_day=Fraction(daily_mg) / Fraction(weight_kg),
        days=days,
        starts_on=starts_on,
        ends_on=last_day(starts_on, max(days, 1)),
        cumulative_mg=total_mg,
        cumulative_mg_per_kg=total_mg / Fraction(weight_kg),
    )
