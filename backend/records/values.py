"""Is this value one that can be recorded? Collects every complaint before refusing."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from backend.kernel.errors import FieldError
from backend.protocol.readers import code, complain
from backend.records.errors import NotAFact


class Checked:
    """Complaints about the values of one fact; `done` raises NotAFact if there are any."""

    def __init__(self, *, today: date) -> None:
        """`today` is the civil date where the patient lives."""
        self.today = today
        self.errors: list[FieldError] = []

    def code(self, name: str, value: str, known: frozenset[str]) -> None:
        """One of the known codes."""
        code(known)(value, f"/{name}", self.errors)

    def past_day(self, name: str, day: date) -> None:
        """A civil date not after today (X-06)."""
        if isinstance(day, datetime) or not isinstance(day, date):
            self._complain(name, "wrong_type", "日付が必要です。", "Must be a date.")
        elif day > self.today:
            ja = f"未来の日付は記録できません（今日は {self.today}）。"
            self._complain(name, "date_in_future", ja, f"In the future: today is {self.today}.")

    def decimal(
        self, name: str, value: Decimal, *, lowest: Decimal, highest: Decimal, places: int
    ) -> None:
        """An exact number within bounds (both included) with at most so many decimals."""
        if not isinstance(value, Decimal) or not value.is_finite():
            self._complain(name, "wrong_type", "数値が必要です。", "Must be a decimal.")
        elif not lowest <= value <= highest:
            ja, en = f"{lowest} から {highest} です。", f"From {lowest} to {highest}."
            self._complain(name, "out_of_range", ja, en)
        elif value != round(value, places):
            ja, en = f"小数は {places} 桁までです。", f"At most {places} decimals."
            self._complain(name, "too_precise", ja, en)

    def score(self, name: str, value: int | None, highest: int) -> None:
        """A whole number from 0, or None for not answered."""
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= highest:
            ja, en = f"0 から {highest} の整数です。", f"A whole number from 0 to {highest}."
            self._complain(name, "out_of_range", ja, en)

    def some(self, name: str, values: Collection[object]) -> None:
        """At least one of the values is given."""
        if all(value is None for value in values):
            self._complain(name, "empty", "内容がありません。", "It says nothing.")

    def done(self) -> None:
        """Raise NotAFact with all complaints, if any."""
        if self.errors:
            raise NotAFact(errors=tuple(self.errors))

    def _complain(self, name: str, code_: str, ja: str, en: str) -> None:
        complain(self.errors, f"/{name}" if name else "", code_, ja, en)
