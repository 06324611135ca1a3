"""The dose so far and as planned, in mg/kg, against the target of 120 to 150 mg/kg."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from backend.clock import civil_day
from backend.portals.shell.charts import Chart, Number, Series, Threshold
from backend.protocol.pack import Pack

LOW_TARGET, HIGH_TARGET = "cumulative_target_lowest", "cumulative_warn_above"  # D-08


@dataclass(frozen=True, slots=True)
class Dose:
    """What a course has used of its target. mg and mg/kg; None without a weight."""

    dispensed_mg: Decimal
    dispensed_mg_per_kg: Decimal | None
    low_mg_per_kg: Decimal
    high_mg_per_kg: Decimal
    weight_kg: Decimal | None
    daily_mg_per_kg: Decimal | None
    chart: Chart | None

    @property
    def percent(self) -> int | None:
        """Of the lower target, whole percent, at most 100."""
        if self.dispensed_mg_per_kg is None:
            return None
        return min(int(self.dispensed_mg_per_kg * 100 / self.low_mg_per_kg), 100)


def dose_of(
    *,
    dispenses: Iterable[Any],
    dispensed_mg: Decimal,
    weight_kg: Decimal | None,
    pack: Pack,
    zone: str,
    prescription: Any = None,
    today: date,
) -> Dose:
    """The curve from hand-overs (rows of Dispense with prescription and product), then the plan.

    `prescription`: the one under review, drawn on from today as if handed over now.
    """
    low, high = pack.number(LOW_TARGET), pack.number(HIGH_TARGET)
    per_kg = dispensed_mg / weight_kg if weight_kg else None
    daily = Decimal(prescription.daily_mg) / weight_kg if prescription and weight_kg else None
    chart = None
    if weight_kg:
        past = _past(dispenses, weight_kg, zone)
        chart = _chart(past, _planned(prescription, per_kg, weight_kg, today), low, high)
    return Dose(dispensed_mg, per_kg, low, high, weight_kg, daily, chart)


def _past(dispenses: Iterable[Any], weight_kg: Decimal, zone: str) -> list[tuple[date, Decimal]]:
    total, points = Decimal(0), []
    for row in sorted(dispenses, key=lambda one: one.handed_over_at):
        total += Decimal(row.capsules * row.prescription.product.strength_mg)
        points.append((civil_day(row.handed_over_at, zone), total / weight_kg))
    return points


def _planned(
    prescription: Any, per_kg: Decimal | None, weight_kg: Decimal, today: date
) -> list[tuple[date, Decimal]]:
    if prescription is None or per_kg is None:
        return []
    more = Decimal(prescription.daily_mg * prescription.days) / weight_kg
    return [(today, per_kg), (today + timedelta(days=prescription.days), per_kg + more)]


def _chart(
    past: list[tuple[date, Decimal]], planned: list[tuple[date, Decimal]], low: Number, high: Number
) -> Chart | None:
    days = sorted({day for day, _value in [*past, *planned]})
    if not days:
        return None
    done, plan = dict(past), dict(planned)
    return Chart(
        name="dose",
        label=_("Cumulative dose against the target"),
        x_label=_("Day"),
        x=days,
        unit="mg/kg",
        series=[
            Series(_("Handed over"), [done.get(day) for day in days], "brand", is_stepped=True),
            Series(
                _("With this prescription"), [plan.get(day) for day in days], "info", is_dashed=True
            ),
        ],
        thresholds=[
            Threshold(_("Lower target"), low, "clear"),
            Threshold(_("Upper target"), high, "hold"),
        ],
    )
