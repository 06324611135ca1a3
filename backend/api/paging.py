"""Cursor lists only: constant time, stable order, a signed cursor that fits its own list."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import BooleanField, F, Func, Lookup, Model, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from backend.kernel.errors import FieldError, Invalid
from backend.kernel.text import Text

DEFAULT_LIMIT, MAX_LIMIT = 50, 100
CURSOR_SECONDS = 24 * 60 * 60
_SALT = "backend.api.paging"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its rows, and the cursor of the next page if there is one."""

    rows: list[Any]
    next_cursor: str | None


def limit_of(text: str | None) -> int:
    """The `limit` parameter, 1 to 100. Raises Invalid (400)."""
    if text is None:
        return DEFAULT_LIMIT
    if not text.isascii() or not text.isdigit() or len(text) > 3 or not 1 <= int(text) <= MAX_LIMIT:
        detail = Text("limit は 1 から 100 です。", "limit is a whole number from 1 to 100.")
        raise Invalid(detail, [FieldError("?limit", "limit_out_of_range", detail)])
    return int(text)


def page_of(
    rows: QuerySet[Any], *, order: tuple[str, ...], limit: int, cursor: str | None, scope: str
) -> Page:
    """The page of `rows` after `cursor`.

    `order` are fields, all ascending or (with `-`) all descending, the last one unique. `scope`
    says which list of whose this is: a cursor of another list is refused like a forged one.
    """
    mark = hashlib.sha256(scope.encode()).hexdigest()[:16]
    ordered = rows.order_by(*order)
    if cursor is not None:
        ordered = ordered.filter(_after(rows.model, order, _read(cursor, mark, order)))
    found = list(ordered[: limit + 1])
    if len(found) <= limit:
        return Page(found, None)
    last = found[limit - 1]
    values = [_show(getattr(last, name.lstrip("-"))) for name in order]
    return Page(found[:limit], signing.dumps([mark, values], salt=_SALT))


def page_of_sorted(
    rows: Sequence[Any], *, key: Callable[[Any], str], limit: int, cursor: str | None, scope: str
) -> Page:
    """The same for a bounded list that is computed: ascending by `key`, which is unique."""
    mark = hashlib.sha256(scope.encode()).hexdigest()[:16]
    if cursor is not None:
        last = str(_read(cursor, mark, ("key",))[0])
        rows = [row for row in rows if key(row) > last]
    found = list(rows[:limit])
    if len(rows) <= limit:
        return Page(found, None)
    return Page(found, signing.dumps([mark, [key(found[-1])]], salt=_SALT))


def page_before(
    fetch: Callable[[int | None, int], Sequence[Any]], *, limit: int, cursor: str | None, scope: str
) -> Page:
    """The same for rows of several tables, newest first.

    `fetch(before, count)` gives so many with an id below `before`, descending.
    """
    mark = hashlib.sha256(scope.encode()).hexdigest()[:16]
    before = None if cursor is None else int(_read(cursor, mark, ("id",))[0])
    found = list(fetch(before, limit + 1))
    if len(found) <= limit:
        return Page(found, None)
    return Page(found[:limit], signing.dumps([mark, [found[limit - 1].id]], salt=_SALT))


def _show(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)


def _read(cursor: str, mark: str, order: tuple[str, ...]) -> list[Any]:
    try:
        whose, values = signing.loads(cursor, salt=_SALT, max_age=CURSOR_SECONDS)
    except (signing.BadSignature, ValueError):
        whose, values = "", []
    if whose != mark or len(values) != len(order):
        detail = Text(
            "cursor が無効か期限切れです。最初から取得してください。",
            "The cursor is not of this list or has expired; start from the first page.",
        )
        raise Invalid(detail, [FieldError("?cursor", "cursor_invalid", detail)])
    return list(values)


def _after(model: type[Model], order: tuple[str, ...], values: list[Any]) -> "Lookup[bool]":
    """(a, b, id) > (x, y, z) as one comparison of rows: an index in this order starts right there.

    Spelled out with AND and OR, a deep page would read every row before it.
    """
    names = [name.lstrip("-") for name in order]
    last = [
        Value(_typed(model, name, value), output_field=_kind(model, name))
        for name, value in zip(names, values, strict=True)
    ]
    beyond = LessThan if order[0].startswith("-") else GreaterThan
    return beyond(_row(*map(F, names)), _row(*last))


def _row(*members: F | Value) -> Func:
    return Func(*members, function="ROW", output_field=BooleanField())


def _kind(model: type[Model], name: str) -> Any:
    field: Any = model._meta.get_field(name)
    return getattr(field, "output_field", field)  # a generated column has the kind of its result


def _typed(model: type[Model], name: str, value: Any) -> Any:
    field: Any = model._meta.get_field(name)
    return field.to_python(value)
