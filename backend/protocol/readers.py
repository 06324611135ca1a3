"""Readers of single facts: each takes a raw value and gives the exact one, or says what is wrong.

A reader takes (value, JSON pointer, list of complaints) and returns the value, or `None` after
adding a complaint. `None` in (JSON null) is an unknown fact and never reaches a reader.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from backend.kernel.characters import is_strange, shows_something
from backend.kernel.errors import FieldError
from backend.kernel.text import Text

Reader = Callable[[object, str, list[FieldError]], Any]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMAL = re.compile(r"\d{1,12}(\.\d{1,20})?")
HIGHEST = Decimal(10) ** 12  # above any dose, price or count that is meant


def complain(errors: list[FieldError], at: str, code: str, ja: str, en: str) -> None:
    """Add one complaint about the value at the JSON pointer `at`."""
    errors.append(FieldError(pointer=at, code=code, detail=Text(ja, en)))


def boolean(value: object, at: str, errors: list[FieldError]) -> bool | None:
    """True or false."""
    if isinstance(value, bool):
        return value
    complain(errors, at, "wrong_type", "true または false が必要です。", "Must be true or false.")
    return None


def text(value: object, at: str, errors: list[FieldError]) -> str | None:
    """One line of text in which there is something to see."""
    if isinstance(value, str) and value.strip() and shows_something(value):
        if not any(is_strange(letter) for letter in value):
            return value
        ja, en = "使えない文字が含まれています。", "A character is not allowed here."
        complain(errors, at, "character", ja, en)
        return None
    complain(errors, at, "wrong_type", "空でない文字列が必要です。", "Must be a text, not empty.")
    return None


def civil_date(value: object, at: str, errors: list[FieldError]) -> date | None:
    """A calendar date: a native date (TOML) or YYYY-MM-DD (JSON)."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            complain(errors, at, "impossible_date", "存在しない日付です。", "No such day.")
            return None
    complain(
        errors, at, "wrong_type", "YYYY-MM-DD の日付が必要です。", "Must be a date YYYY-MM-DD."
    )
    return None


def _exact(value: object) -> Decimal | None:
    """The number as written; `None` if it is none. Booleans are no numbers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    return None


def _possible(exact: Decimal) -> bool:
    """Whether anybody can have measured it: from 0, below HIGHEST, at most 20 decimals."""
    if not exact.is_finite() or not 0 <= exact < HIGHEST:
        return False
    return int(exact.as_tuple().exponent) >= -20


def _number(
    value: object, at: str, errors: list[FieldError], *, above_zero: bool
) -> Decimal | None:
    exact = _exact(value)
    if exact is None:
        complain(errors, at, "wrong_type", "数値が必要です。", "Must be a number.")
        return None
    if not _possible(exact) or (above_zero and exact == 0):
        complain(errors, at, "impossible_number", "あり得ない数値です。", "Not a possible number.")
        return None
    return exact


def number(value: object, at: str, errors: list[FieldError]) -> Decimal | None:
    """A number from 0: a JSON number, or a decimal as text ("52.5")."""
    return _number(value, at, errors, above_zero=False)


def positive(value: object, at: str, errors: list[FieldError]) -> Decimal | None:
    """A number above 0: something that others are divided by."""
    return _number(value, at, errors, above_zero=True)


def whole(lowest: int = 0, highest: int = int(HIGHEST)) -> Reader:
    """A whole number within bounds, both included."""

    def read(value: object, at: str, errors: list[FieldError]) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int):
            complain(errors, at, "wrong_type", "整数が必要です。", "Must be a whole number.")
            return None
        if lowest <= value <= highest:
            return value
        ja, en = f"{lowest}〜{highest} の整数が必要です。", f"Must be from {lowest} to {highest}."
        complain(errors, at, "impossible_number", ja, en)
        return None

    return read


def code(known: frozenset[str]) -> Reader:
    """One of the known codes."""

    def read(value: object, at: str, errors: list[FieldError]) -> str | None:
        if isinstance(value, str) and value in known:
            return value
        words = ", ".join(sorted(known))
        ja, en = f"使えるコード: {words}", f"Unknown code; known are: {words}"
        complain(errors, at, "unknown_code", ja, en)
        return None

    return read


def _is_list(value: object, at: str, errors: list[FieldError]) -> bool:
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return True
    complain(errors, at, "wrong_type", "配列が必要です。", "Must be a list.")
    return False


def codes(known: frozenset[str]) -> Reader:
    """A list of known codes; a repetition says nothing new and is dropped."""
    one = code(known)

    def read(value: object, at: str, errors: list[FieldError]) -> tuple[str, ...] | None:
        if not _is_list(value, at, errors):
            return None
        items: Sequence[object] = value  # type: ignore[assignment]
        read_items = [one(item, f"{at}/{index}", errors) for index, item in enumerate(items)]
        return tuple(dict.fromkeys(item for item in read_items if item is not None))

    return read


def pointer_step(key: object) -> str:
    """One step of an RFC 6901 JSON pointer."""
    return str(key).replace("~", "~0").replace("/", "~1")


def table(build: Callable[..., Any], kinds: Mapping[str, Reader], needed: str = "") -> Reader:
    """A table with these keys and no others; `needed` keys must be there. Builds `build`."""

    def read(value: object, at: str, errors: list[FieldError]) -> Any:
        if not isinstance(value, Mapping):
            complain(errors, at, "wrong_type", "オブジェクトが必要です。", "Must be an object.")
            return None
        before = len(errors)
        found: dict[str, Any] = {}
        for key, raw in value.items():
            here = f"{at}/{pointer_step(key)}"
            if key not in kinds:
                complain(errors, here, "unknown_key", "未知の項目です。", "Unknown key.")
            elif raw is not None:
                found[key] = kinds[key](raw, here, errors)
        for key in needed.split():
            if value.get(key) is None:
                complain(errors, f"{at}/{key}", "required", "必須の項目です。", "Required.")
        return build(**found) if len(errors) == before else None

    return read


def items(one: Reader) -> Reader:
    """A list of tables."""

    def read(value: object, at: str, errors: list[FieldError]) -> tuple[Any, ...] | None:
        if not _is_list(value, at, errors):
            return None
        rows: Sequence[object] = value  # type: ignore[assignment]
        return tuple(one(row, f"{at}/{index}", errors) for index, row in enumerate(rows))

    return read
