"""Weights and doses as rules read them: exact fractions, never rounded (docs/domain.md, Days)."""

from collections.abc import Sequence
from fractions import Fraction

from backend.protocol.ask import Ask
from backend.protocol.case import Weight
from backend.protocol.exact import ratio


def newest_weight(weights: Sequence[Weight] | None) -> Weight | None:
    """The newest weight; two on one day: the lower."""
    return max(weights, key=lambda w: (w.on, -w.kg)) if weights else None


def weight_before(weights: Sequence[Weight], newest: Weight) -> Weight | None:
    """The weight of the day before the newest one's, if there is one."""
    return newest_weight([weight for weight in weights if weight.on < newest.on])


def daily_dose(ask: Ask) -> Fraction | None:
    """The dose in mg/kg/day over the newest weight; needs the weights and the daily mg.

    `None` without a weight: then D-19 holds and the dose rules are silent.
    """
    daily_mg = ask.number("prescription.daily_mg")
    weight = newest_weight(ask.listed("patient.weights"))
    if daily_mg is None or weight is None:
        return None
    return ratio(daily_mg, weight.kg)


def unmicronised_dose(ask: Ask) -> Fraction | None:
    """The dose for rules that are not for the micronised product; `None` if it is that one.

    A product that is unknown is read as ordinary: a missing fact hides nothing.
    """
    product = ask.code("prescription.product")
    dose = daily_dose(ask)
    return None if product == "micronised" else dose
