"""What a benchmark found, as a table and as build/bench.json."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

FILE = Path(__file__).resolve().parents[2] / "build" / "bench.json"


@dataclass(frozen=True)
class Figure:
    """One figure. `against` says what `ratio` compares with; `bound` is the promise."""

    name: str
    value: float
    unit: str
    against: str | None
    ratio: float | None
    bound: str
    met: bool


def at_most(name: str, value: float, unit: str, bound: float) -> Figure:
    """A figure that must not exceed its bound."""
    return Figure(name, round(value, 3), unit, None, None, f"<= {bound:g}", value <= bound)


def at_least(name: str, value: float, unit: str, bound: float) -> Figure:
    """A figure that must reach its bound."""
    return Figure(name, round(value, 3), unit, None, None, f">= {bound:g}", value >= bound)


def ratio_at_least(
    name: str, value: float, unit: str, *, against: str, baseline: float, bound: float
) -> Figure:
    """A figure whose ratio to a baseline of the same minute must reach its bound."""
    ratio = value / baseline
    return Figure(
        name, round(value, 1), unit, against, round(ratio, 3), f">= {bound:g}", ratio >= bound
    )


def publish(figures: Iterable[Figure]) -> bool:
    """Print and write the figures; whether all bounds are met."""
    found = list(figures)
    FILE.parent.mkdir(exist_ok=True)
    kept = {row["name"]: row for row in _kept()} | {f.name: asdict(f) for f in found}
    FILE.write_text(json.dumps(list(kept.values()), indent=2, ensure_ascii=False) + "\n")
    table = Table("figure", "value", "unit", "against", "ratio", "bound", "met")
    for f in found:
        ratio = "" if f.ratio is None else f"{f.ratio:.2f}"
        table.add_row(f.name, f"{f.value:g}", f.unit, f.against or "", ratio, f.bound, _yes(f.met))
    Console(width=130).print(table)
    return all(f.met for f in found)


def _kept() -> list[dict[str, object]]:
    return list(json.loads(FILE.read_text())) if FILE.exists() else []


def _yes(met: bool) -> str:
    return "yes" if met else "NO"
