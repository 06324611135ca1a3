"""What a patient has in hand: how many capsules a day, until when, and how far the course is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from backend.accounts.models import Patient
from backend.clock import civil_day
from backend.pharmacy.models import Dispense
from backend.prescriptions.models import Prescription
from backend.protocol.pack import Pack

LOW_TARGET, HIGH_TARGET = "cumulative_target_lowest", "cumulative_warn_above"  # D-08


@dataclass(frozen=True, slots=True)
class Taking:
    """What to take each day. `fewest` and `most` capsules differ where days alternate.

    `since`: the day of the first hand-over; `until`: the last day that the capsules suffice for.
    """

    daily_mg: int
    strength_mg: int
    doses_per_day: int
    fewest: int
    most: int
    since: date
    until: date

    @property
    def alternates(self) -> bool:
        """Whether the number of capsules is not the same each day."""
        return self.fewest != self.most

    @property
    def at_once(self) -> int | None:
        """Capsules at each of two meals, where they part evenly."""
        even = self.doses_per_day == 2 and not self.alternates and self.fewest % 2 == 0
        return self.fewest // 2 if even else None


def taking_of(dispenses: Sequence[Dispense], patient: Patient) -> Taking | None:
    """By the newest prescription of which something was handed over and not all returned.

    `dispenses`: with prescription and product, the oldest first.
    """
    kept = [row for row in dispenses if _kept(row.prescription) > 0]
    if not kept:
        return None
    newest = kept[-1].prescription
    since = min(
        civil_day(row.handed_over_at, patient.zone)
        for row in kept
        if row.prescription_id == newest.id
    )
    strength = newest.product.strength_mg
    fewest, rest = divmod(newest.daily_mg, strength)
    days = _kept(newest) * strength // newest.daily_mg
    return Taking(
        daily_mg=newest.daily_mg,
        strength_mg=strength,
        doses_per_day=newest.doses_per_day,
        fewest=fewest,
        most=fewest + bool(rest),
        since=since,
        until=since + timedelta(days=max(days - 1, 0)),
    )


def _kept(row: Prescription) -> int:
    return row.dispensed_capsules - row.returned_capsules


@dataclass(frozen=True, slots=True)
class DoseSoFar:
    """What was handed over of a course (returns taken off) against its target (D-08).

    mg and mg/kg; None without a weight. `points`: the sum in mg/kg after each hand-over.
    """

    mg: Decimal
    mg_per_kg: Decimal | None
    weight_kg: Decimal | None
    low: Decimal
    high: Decimal
    points: tuple[tuple[date, Decimal], ...]

    @property
    def percent(self) -> int:
        """Of the lower target, whole percent, at most 100."""
        return min(int((self.mg_per_kg or 0) * 100 / self.low), 100)

    def per_mille(self, mg_per_kg: Decimal) -> int:
        """Where a value stands on a bar that is a little longer than the upper target: 0-1000."""
        return min(int(mg_per_kg * 1000 / (self.high * Decimal("1.1"))), 1000)

    @property
    def bar(self) -> dict[str, int]:
        """The bar's pieces, in thousandths of its length."""
        low, high = self.per_mille(self.low), self.per_mille(self.high)
        return {
            "done": self.per_mille(self.mg_per_kg or Decimal(0)),
            "low": low,
            "band": high - low,
        }


def dose_so_far(
    dispenses: Iterable[Dispense], weight_kg: Decimal | None, pack: Pack, zone: str
) -> DoseSoFar:
    """The sum of what was handed over, less what came back of each hand-over.

    `dispenses`: with prescription, product and returns, the oldest first.
    """
    total, points = Decimal(0), []
    for row in dispenses:
        back = sum(one.capsules for one in row.returns.all())
        total += Decimal((row.capsules - back) * row.prescription.product.strength_mg)
        if weight_kg:
            points.append((civil_day(row.handed_over_at, zone), total / weight_kg))
    return DoseSoFar(
        mg=total,
        mg_per_kg=total / weight_kg if weight_kg else None,
        weight_kg=weight_kg,
        low=pack.number(LOW_TARGET),
        high=pack.number(HIGH_TARGET),
        points=tuple(points),
    )
