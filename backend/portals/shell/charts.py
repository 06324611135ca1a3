"""A chart and the table that says the same, from one set of numbers."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

Number = Decimal | float | int | None


@dataclass(frozen=True, slots=True)
class Series:
    """A line: one value for each x (None = a gap). `tone` is a colour token: brand, block, …"""

    label: str
    values: list[Number]
    tone: str = "brand"
    is_dashed: bool = False
    is_stepped: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """A level line over the whole width, named in the legend and below the table."""

    label: str
    at: Number
    tone: str = "block"


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over days. `label` says in a sentence what it shows; `unit` stands at the axis."""

    name: str
    label: str
    x_label: str
    x: list[date]
    unit: str
    series: list[Series]
    thresholds: list[Threshold] = field(default_factory=list)
    decimals: int = 1

    @property
    def data_id(self) -> str:
        """The id of the JSON that charts.js reads."""
        return f"chart-{self.name}"

    @property
    def data(self) -> dict[str, Any]:
        """What charts.js draws."""
        return {
            "x": [_seconds(day) for day in self.x],
            "unit": self.unit,
            "decimals": self.decimals,
            "series": [
                {
                    "label": one.label,
                    "values": [_number(value) for value in one.values],
                    "tone": one.tone,
                    "dashed": one.is_dashed,
                    "stepped": one.is_stepped,
                }
                for one in self.series
            ],
            "thresholds": [
                {"label": one.label, "at": _number(one.at), "tone": one.tone}
                for one in self.thresholds
            ],
        }

    @property
    def rows(self) -> list[tuple[date, list[Number]]]:
        """The same as a table: a day and the value of each series."""
        return [(day, [one.values[i] for one in self.series]) for i, day in enumerate(self.x)]


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _number(value: Number) -> float | None:
    return None if value is None else float(value)
