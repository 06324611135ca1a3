"""What a draft holds: checked against the formulary, counted in whole capsules."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from backend.booking.queries import visits_visible_to
from backend.formulary.models import Lot
from backend.formulary.queries import lots_visible_to, products_visible_to
from backend.formulary.rules import LotStatus
from backend.kernel.actor import Actor
from backend.kernel.text import Text
from backend.prescriptions.errors import CapsulesNotWhole, LotNotUsable
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import named

FIELDS = (
    "visit", "product", "lot", "daily_mg", "days", "doses_per_day", "capsules", "route",
    "priority",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """What the physician asks for. `daily_mg`: mg per day; `days`: days of supply."""

    visit_id: UUID
    product_id: UUID
    lot_id: UUID
    daily_mg: int
    days: int
    doses_per_day: int
    route: str
    priority: int


def capsules_of(daily_mg: int, days: int, strength_mg: int) -> int:
    """How many capsules of this strength the supply takes. Raises CapsulesNotWhole (422)."""
    capsules, rest = divmod(daily_mg * days, strength_mg)
    if rest or capsules < 1:
        ja = f"{daily_mg} mg × {days} 日は {strength_mg} mg カプセルの整数倍になりません。"
        en = f"{daily_mg} mg for {days} days is no whole number of {strength_mg} mg capsules."
        raise CapsulesNotWhole(Text(ja, en))
    return capsules


def require_usable(lot: Lot, *, product_id: UUID, days: int, today: date) -> None:
    """Raise LotNotUsable (422) unless the lot is of the product, in use, and lasts the supply."""
    if lot.product_id != product_id:
        raise LotNotUsable(Text("別の製品のロットです。", "The lot is of another product."))
    if lot.status != LotStatus.IN_USE:
        raise LotNotUsable(Text("回収されたロットです。", "The lot was recalled."))
    if not lot.lasts_through(today + timedelta(days=days - 1)):
        raise LotNotUsable(
            Text("服用期間中に使用期限が切れます。", "The lot expires during the supply.")
        )


def fill(row: Prescription, content: Content, *, today: date, by: Actor) -> None:
    """Put the content into an unsaved or locked draft.

    Raises Invalid (400) for ids that the physician cannot see, LotNotUsable and
    CapsulesNotWhole (422).
    """
    visits = visits_visible_to(by).filter(patient=row.patient)
    row.visit = named(visits, content.visit_id, "visit")
    row.product = named(products_visible_to(by), content.product_id, "product")
    row.lot = named(lots_visible_to(by), content.lot_id, "lot")
    require_usable(row.lot, product_id=row.product.id, days=content.days, today=today)
    row.capsules = capsules_of(content.daily_mg, content.days, row.product.strength_mg)
    row.daily_mg, row.days = content.daily_mg, content.days
    row.doses_per_day, row.route = content.doses_per_day, content.route
    row.priority = content.priority
