"""Which daily doses can be put together from capsules, and from which."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache


def reachable(daily_mg: Decimal, strengths_mg: Sequence[int]) -> bool:
    """Whether a daily dose is a sum of capsules of these strengths (at least one capsule)."""
    whole_mg = int(daily_mg)
    if not strengths_mg or whole_mg != daily_mg:
        return False
    return bool(combination(whole_mg, strengths_mg))


def combination(daily_mg: int, strengths_mg: Sequence[int]) -> tuple[int, ...]:
    """The fewest capsules that make the daily dose, largest first; empty if none do.

    Above the largest strength times the smallest, the surplus is taken in smallest capsules
    first: every dose that can be made at all can be made so.
    """
    return _fewest(daily_mg, tuple(strengths_mg))


@lru_cache(maxsize=256)
def _fewest(daily_mg: int, strengths_mg: tuple[int, ...]) -> tuple[int, ...]:
    smallest, largest = min(strengths_mg), max(strengths_mg)
    surplus = max(0, -(-(daily_mg - smallest * largest) // smallest))
    rest_mg = daily_mg - surplus * smallest
    best: dict[int, tuple[int, ...]] = {0: ()}
    for mg in range(1, rest_mg + 1):
        ways = [(*best[mg - s], s) for s in strengths_mg if mg - s in best]
        if ways:
            best[mg] = min(ways, key=lambda way: (len(way), tuple(-s for s in sorted(way))))
    if rest_mg not in best:
        return ()
    return tuple(sorted(best[rest_mg], reverse=True)) + (smallest,) * min(surplus, 1000)
