"""Everything that runs by the clock, in one table. Beat only ticks; what is due is a row."""

from typing import Any

SCHEDULES: dict[str, dict[str, Any]] = {}
