"""A dose plan for one course: what is known of it, what the clinic holds, what the rules say."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from backend.clock import civil_day
from backend.formulary.models import Product
from backend.formulary.rules import LotStatus, ProductCode
from backend.kernel.text import Text
from backend.prescriptions.errors import DayNotPossible, WeightNeeded
from backend.prescriptions.models import Course
from backend.prescriptions.queries import facts_for
from backend.protocol.assess import assess, seen_on
from backend.protocol.case import Case, Prescription, Weight
from backend.protocol.dose import newest_weight
from backend.protocol.facts import case_from_facts
from backend.protocol.findings import Level
from backend.protocol.pack import Pack
from backend.protocol.plan_check import Objection, objections
from backend.protocol.planner import DosePlan, NoSuchDose, Target, plan_course
from backend.rulebook.queries import in_force_for

LIMIT = "cumulative_senior_above"  # D-08


@dataclass(frozen=True, slots=True)
class Wish:
    """What the physician has in mind. mg/kg/day, mg/kg in all, days of one supply.

    `product`: which kind of capsule; the last one of the course, else standard. `starts_on`: the
    first dose day, today unless it is said.
    """

    target_daily_mg_per_kg: Decimal
    target_cumulative_mg_per_kg: Decimal
    days_per_supply: int = 30
    doses_per_day: int = 1
    product: str | None = None
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanForCourse:
    """The plan with what it rests on. Nothing of it is stored."""

    course: Course
    wish: Wish
    weight: Weight
    product: str
    strengths_mg: tuple[int, ...]
    pack: Pack
    plan: DosePlan
    objections: tuple[Objection, ...]

    @property
    def limit_mg_per_kg(self) -> Decimal:
        """What the plan never passes (D-08)."""
        return self.pack.number(LIMIT)


def plan_for(course: Course, wish: Wish, *, at: datetime) -> PlanForCourse:
    """Plan the rest of a course, by the newest weight and what was dispensed less returns.

    An approved prescription counts once it is handed over. Raises DayNotPossible, WeightNeeded,
    NoSuchDose (422).
    """
    today = civil_day(at, course.patient.zone)
    starts_on = wish.starts_on or today
    if starts_on < today:
        raise DayNotPossible(Text("開始日が過去の日付です。", "The first day lies in the past."))
    case = seen_on(case_from_facts(facts_for(course=course, at=at), at), today)
    pack, _ = in_force_for(course.patient, at=at)
    weight = _weight(case, pack)
    product = wish.product or case.course.last_product or ProductCode.STANDARD.value
    strengths = strengths_held(course, product, through=starts_on + _length(wish))
    target = Target(
        mg_per_kg_day=wish.target_daily_mg_per_kg,
        cumulative_mg_per_kg=wish.target_cumulative_mg_per_kg,
        starts_on=starts_on,
        days_per_supply=wish.days_per_supply,
        highest_mg_per_kg=pack.number(LIMIT),
    )
    plan = plan_course(
        weight_kg=weight.kg,
        target=target,
        strengths_mg=strengths,
        dispensed_mg=course.dispensed_mg,
    )
    wanted = Prescription(product=product, doses_per_day=wish.doses_per_day)
    found = objections(case, pack, plan, wanted)
    return PlanForCourse(course, wish, weight, product, strengths, pack, plan, found)


def strengths_held(course: Course, product: str, *, through: date) -> tuple[int, ...]:
    """The strengths of this kind of capsule with a lot in use that lasts through that day.

    Raises NoSuchDose (422) when the clinic holds none.
    """
    held = Product.objects.filter(
        clinic_id=course.patient.clinic_id,
        code=product,
        lots__status=LotStatus.IN_USE,
        lots__expires_on__gte=through,
    )
    strengths = tuple(held.order_by("strength_mg").values_list("strength_mg", flat=True).distinct())
    if not strengths:
        ja, en = "使用できるロットがありません。", "The clinic holds no lot of it that lasts."
        raise NoSuchDose(Text(ja, en))
    return strengths


def _length(wish: Wish) -> timedelta:
    return timedelta(days=wish.days_per_supply - 1)


def _weight(case: Case, pack: Pack) -> Weight:
    """The newest weight. Raises WeightNeeded (422) when D-19 holds: none, or too old."""
    weight = newest_weight(case.patient.weights)
    for finding in assess(case, pack, "prescribe").of("D-19"):
        if finding.level is Level.HOLD:
            weighed_on = str(weight.on) if weight else None
            raise WeightNeeded(finding.message, weighed_on)
    if weight is None:
        raise WeightNeeded(WeightNeeded.title, None)
    return weight
