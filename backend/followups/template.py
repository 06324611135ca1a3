"""The plan templates: versioned TOML. Plain Python."""

import tomllib
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from backend.protocol.days import add_days, months_after, one_month_after
from backend.protocol.pack import Pack

PLANS = Path(__file__).parent / "plans"


@dataclass(frozen=True, slots=True)
class PlanTemplate:
    """When a patient is asked. Days count from the first dose day, or from the opening."""

    id: str
    version: int
    programmes: tuple[str, ...]
    local_time: time
    days: tuple[int, ...]
    then_every_days: int
    ahead_days: int
    remind_after_days: int
    missed_after_days: int
    relapse_check_months: tuple[int, ...]

    def check_in_days(self, up_to: int) -> list[int]:
        """The days after the start with a check-in, up to this day (inclusive)."""
        days = [day for day in self.days if day <= up_to]
        day = self.days[-1] + self.then_every_days
        while day <= up_to:
            days.append(day)
            day += self.then_every_days
        return days


@lru_cache(maxsize=8)
def template(template_id: str) -> PlanTemplate:
    """The template of this id. Raises FileNotFoundError: plans name what exists."""
    raw = tomllib.loads((PLANS / f"{template_id}.toml").read_text("utf-8"))
    return _template(raw)


def template_for(programme: str) -> PlanTemplate:
    """The template that new plans of a programme follow."""
    found = [template(path.stem) for path in sorted(PLANS.glob("*.toml"))]
    return next(each for each in reversed(found) if programme in each.programmes)


def closing_on(ended_on: date, pack: Pack) -> date:
    """The day of the closing check: M(last dose), T-08."""
    return one_month_after(ended_on, pack.whole("month_at_least"))


def second_course_opens_on(ended_on: date, pack: Pack) -> date:
    """The first day on which a second course can be decided (T-20)."""
    if "retreat_after_days" in pack.numbers:
        return add_days(ended_on, pack.whole("retreat_after_days"))
    return months_after(ended_on, pack.whole("retreat_after_months"))


def _template(raw: dict[str, Any]) -> PlanTemplate:
    return PlanTemplate(
        id=raw["id"],
        version=raw["version"],
        programmes=tuple(raw["programmes"]),
        local_time=raw["local_time"],
        days=tuple(raw["check_in"]["days"]),
        then_every_days=raw["check_in"]["then_every_days"],
        ahead_days=raw["check_in"]["ahead_days"],
        remind_after_days=raw["ladder"]["remind_after_days"],
        missed_after_days=raw["ladder"]["missed_after_days"],
        relapse_check_months=tuple(raw["after_end"]["relapse_check_months"]),
    )
