"""The dose planner: from a target dose to capsules, rounded down, and when the course would end.

Pure arithmetic for the physician to look at (docs/domain.md, Dosing). `plan_check.py` asks the
rules what they would say of each supply.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from backend.kernel.errors import Unprocessable
from backend.kernel.text import Text
from backend.protocol.capsules import combination
from backend.protocol.days import add_days, last_day

MOST_SUPPLIES = 120  # ten years of months: a plan that is longer is a slip of the pen


class NoSuchDose(Unprocessable):
    """No capsules make a dose at or below the target, or a number is not positive."""

    code = "no_such_dose"
    title = Text("この条件では用量を計画できません", "No dose can be planned on these numbers")


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted: mg/kg/day, mg/kg in all, days of one supply, and from which day on.

    `highest_mg_per_kg`: the pack's limit of the total, which the plan never passes (D-08).
    """

    mg_per_kg_day: Decimal
    cumulative_mg_per_kg: Decimal
    starts_on: date
    days_per_supply: int = 30
    highest_mg_per_kg: Decimal | None = None

    @property
    def total_mg_per_kg(self) -> Decimal:
        """What the course may reach: the target, or the limit if that is less."""
        if self.highest_mg_per_kg is None:
            return self.cumulative_mg_per_kg
        return min(self.cumulative_mg_per_kg, self.highest_mg_per_kg)


@dataclass(frozen=True, slots=True)
class Supply:
    """One supply of a plan; `capsules`: (strength in mg, how many), largest first.

    `cumulative_mg`: of the whole course, with this supply.
    """

    number: int
    starts_on: date
    days: int
    capsules: tuple[tuple[int, int], ...]
    mg: int
    cumulative_mg: Fraction


@dataclass(frozen=True, slots=True)
class DosePlan:
    """A plan: mg and capsules a day, and the supplies that bring the course near its target.

    `capsules`: (strength in mg, how many a day), largest first. mg/kg are exact. `ends_on` is the
    last dose day; None when nothing is left to take.
    """

    weight_kg: Decimal
    daily_mg: int
    capsules: tuple[tuple[int, int], ...]
    dose_mg_per_kg_day: Fraction
    days: int
    starts_on: date
    ends_on: date | None
    dispensed_mg: Fraction
    cumulative_mg: Fraction
    cumulative_mg_per_kg: Fraction
    supplies: tuple[Supply, ...]


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
    target: Target,
    strengths_mg: Sequence[int],
    dispensed_mg: Decimal = Decimal(0),
) -> DosePlan:
    """Plan a course, rounding the daily dose down to capsules of these strengths.

    Units: kg, mg. `dispensed_mg` is what the course has had already, returns taken off; the days
    are those that still fit under the cumulative target and under the pack's limit, so neither
    the daily dose nor the total ever passes what was asked for.
    Example: 52 kg, 0.5 mg/kg/day, capsules 10/20/30 -> 20 mg a day.
    Raises NoSuchDose. Source: docs/domain.md, D-01, D-08, D-16, D-17.
    """
    _require_positive(weight_kg, target, strengths_mg)
    weight = Fraction(weight_kg)
    taken = daily_capsules(weight * Fraction(target.mg_per_kg_day), strengths_mg)
    daily_mg, had_mg = sum(taken), Fraction(dispensed_mg)
    left_mg = Fraction(target.total_mg_per_kg) * weight - had_mg
    days = max(0, left_mg // daily_mg)
    total_mg = had_mg + days * daily_mg
    capsules = tuple(sorted(Counter(taken).items(), reverse=True))
    return DosePlan(
        weight_kg=weight_kg,
        daily_mg=daily_mg,
        capsules=capsules,
        dose_mg_per_kg_day=daily_mg / weight,
        days=days,
        starts_on=target.starts_on,
        ends_on=last_day(target.starts_on, days) if days else None,
        dispensed_mg=had_mg,
        cumulative_mg=total_mg,
        cumulative_mg_per_kg=total_mg / weight,
        supplies=_supplies(capsules, days, target, had_mg),
    )


def _require_positive(weight_kg: Decimal, target: Target, strengths_mg: Sequence[int]) -> None:
    numbers = (weight_kg, target.mg_per_kg_day, target.cumulative_mg_per_kg)
    if min(numbers) <= 0 or target.days_per_supply < 1 or not strengths_mg:
        raise NoSuchDose(Text("正の数が必要です。", "The numbers must be above 0."))


def _supplies(
    capsules: tuple[tuple[int, int], ...], days: int, target: Target, had_mg: Fraction
) -> tuple[Supply, ...]:
    """The days in supplies; the last one may be shorter."""
    per_supply = target.days_per_supply
    if days > MOST_SUPPLIES * per_supply:
        text = Text(
            f"{MOST_SUPPLIES}回を超える交付になります。", f"It takes over {MOST_SUPPLIES} supplies."
        )
        raise NoSuchDose(text)
    daily_mg = sum(strength * count for strength, count in capsules)
    supplies = []
    for number, before in enumerate(range(0, days, per_supply), start=1):
        length = min(per_supply, days - before)
        supplies.append(
            Supply(
                number=number,
                starts_on=add_days(target.starts_on, before),
                days=length,
                capsules=tuple((strength, count * length) for strength, count in capsules),
                mg=daily_mg * length,
                cumulative_mg=had_mg + daily_mg * (before + length),
            )
        )
    return tuple(supplies)
