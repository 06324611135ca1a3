"""What the dosing rules would say of the supplies of a plan, each asked for its first day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from backend.protocol.assess import assess
from backend.protocol.case import Case, Prescription, Weight
from backend.protocol.days import civil_day
from backend.protocol.findings import Finding, Level
from backend.protocol.pack import Pack
from backend.protocol.planner import DosePlan, Supply


@dataclass(frozen=True, slots=True)
class Objection:
    """A finding, and the numbers of the supplies of which it is said."""

    finding: Finding
    supplies: tuple[int, ...]


def objections(
    case: Case, pack: Pack, plan: DosePlan, wanted: Prescription
) -> tuple[Objection, ...]:
    """Every D- finding from level warn upwards, each once, with the supplies it is about.

    `case`: what is known now, in a known zone. `wanted`: the product and how it is taken. Supplies
    after today are asked as if the patient weighed the same on their first day and the course ran
    as planned; other rules are asked when the prescription is written. Each finding is shown as it
    is said of the first supply that it concerns.
    """
    found: dict[tuple[str, Level, tuple[str, ...]], tuple[Finding, list[int]]] = {}
    for supply in plan.supplies:
        asked = assess(_case_of(case, plan, supply, wanted), pack, "prescribe")
        for finding in asked.findings:
            if finding.rule.startswith("D-") and finding.level.rank >= Level.WARN.rank:
                key = (finding.rule, finding.level, finding.missing)
                found.setdefault(key, (finding, []))[1].append(supply.number)
    ordered = sorted(found.values(), key=lambda one: (-one[0].level.rank, one[0].rule))
    return tuple(Objection(finding, tuple(numbers)) for finding, numbers in ordered)


def rules_of(found: tuple[Objection, ...], supplies: int) -> Mapping[int, tuple[str, ...]]:
    """The rules that object, by number of the supply."""
    return {
        number: tuple(dict.fromkeys(o.finding.rule for o in found if number in o.supplies))
        for number in range(1, supplies + 1)
    }


def _case_of(case: Case, plan: DosePlan, supply: Supply, wanted: Prescription) -> Case:
    zone = ZoneInfo(case.patient.zone or "UTC")
    prescription = replace(wanted, daily_mg=Decimal(plan.daily_mg), days=Decimal(supply.days))
    before = _decimal(supply.cumulative_mg - supply.mg)
    asked = replace(
        case,
        prescription=prescription,
        course=replace(case.course, dispensed_mg=before),
    )
    if supply.starts_on <= civil_day(case.now, zone.key):
        return asked
    return _later(asked, plan, supply, datetime.combine(supply.starts_on, time(12), zone))


def _later(case: Case, plan: DosePlan, supply: Supply, noon: datetime) -> Case:
    """The case at noon of a later supply's first day: weighed that day, the course running."""
    weighed = Weight(plan.weight_kg, supply.starts_on)
    course = case.course
    if supply.number > 1:
        course = replace(
            course,
            status="running",
            started_on=course.started_on or plan.starts_on,
            last_daily_mg=Decimal(plan.daily_mg),
            last_product=case.prescription.product,
        )
    return replace(
        case,
        now=noon.astimezone(UTC),
        patient=replace(case.patient, weights=(weighed,)),
        course=course,
    )


def _decimal(mg: Fraction) -> Decimal:
    return Decimal(mg.numerator) / Decimal(mg.denominator)
