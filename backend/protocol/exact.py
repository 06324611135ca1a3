"""Exact arithmetic: decimals as fractions, never rounded (docs/domain.md, Days).

Several rules of one assessment read the same dose and the same result, and a fraction costs more
than all else that they do: what was computed lately is kept.
"""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache


@lru_cache(maxsize=1024)
def exact(value: Decimal) -> Fraction:
    """The same number as a fraction."""
    return Fraction(value)


@lru_cache(maxsize=1024)
def ratio(value: Decimal, to: Decimal) -> Fraction:
    """`value` over `to`. Raises ZeroDivisionError."""
    return Fraction(value) / Fraction(to)


@lru_cache(maxsize=1024)
def product(value: Decimal, by: Decimal) -> Fraction:
    """`value` times `by`."""
    return Fraction(value) * Fraction(by)
