"""What our own tables know about a course and a prescription, in the words of the rules."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from backend.accounts.models import Patient, StaffMember
from backend.prescriptions.models import Course, Prescription
from backend.prescriptions.rules import CourseStatus, PrescriptionStatus

Facts = dict[str, Any]
_VOID = {PrescriptionStatus.VOIDED, PrescriptionStatus.CANCELLED}


def merged(parts: Iterable[Mapping[str, Any]]) -> Facts:
    """Facts laid over each other, section by section; a later part wins."""
    facts: Facts = {}
    for part in parts:
        for section, said in part.items():
            if isinstance(said, Mapping):
                facts[section] = {**facts.get(section, {}), **said}
            else:
                facts[section] = said
    return facts


def of_patient(patient: Patient) -> Facts:
    """Who the patient is, and whether somebody saw the proof of it (J-11)."""
    return {
        "patient": {"zone": patient.zone, "birth_on": str(patient.birth_on)},
        "visit": {"identity_verified": patient.identity_verified_at is not None},
    }


def of_prescriber(staff: StaffMember, *, today: date) -> Facts:
    """Who prescribes (J-14, J-20, P-PP-02)."""
    trained_on = staff.online_training_on
    return {
        "prescriber": {
            "code": staff.prescriber_code,
            "online_training_done": trained_on is not None and trained_on <= today,
            "retinoid_expert": staff.is_retinoid_expert,
        }
    }


def of_course(course: Course, *, before: Prescription | None) -> Facts:
    """The course, as it stood before this prescription. A halted course is in its old phase."""
    others = course.prescriptions.exclude(id=before.id) if before else course.prescriptions.all()
    handed_over = list(
        others.filter(dispensed_capsules__gt=0)
        .select_related("product")
        .order_by("-issued_on", "-id")
    )
    last = handed_over[0] if handed_over else None
    facts: Facts = {"number": course.number, "dispensed_mg": str(_kept_mg(handed_over))}
    facts |= _phase(course)
    if course.indication is not None:
        facts["indication"] = course.indication
    if last is not None:
        facts |= {"last_daily_mg": last.daily_mg, "last_product": last.product.code}
    return {"course": facts}


def _kept_mg(rows: Iterable[Prescription]) -> Decimal:
    """What `dispensed_mg` sums in the database; returns are never more than was handed over."""
    return Decimal(
        sum((r.dispensed_capsules - r.returned_capsules) * r.product.strength_mg for r in rows)
    )


def _phase(course: Course) -> Facts:
    days = {"started_on": course.started_on, "ended_on": course.ended_on}
    known: Facts = {name: str(day) for name, day in days.items() if day is not None}
    if course.status == CourseStatus.HALTED:
        return {**known, "status": "running" if course.started_on else "not_started"}
    if course.status == CourseStatus.CANCELLED:
        return known
    return {**known, "status": course.status}


def of_previous(course: Course, weights: Iterable[Mapping[str, Any]]) -> Facts:
    """An ended course as `course.previous`: its last day, and what was dispensed in mg/kg.

    The weight is the newest one up to the last day of that course, else the oldest known; mg/kg
    is left out (unknown) when there is none.
    """
    facts: Facts = {"ended_on": str(course.ended_on)}
    weight = _weight_on(course.ended_on, weights)
    if weight is not None:
        per_kg = course.dispensed_mg / weight
        facts["dispensed_mg_per_kg"] = str(per_kg.quantize(Decimal("0.001")))
    return facts


def _weight_on(day: date | None, weights: Iterable[Mapping[str, Any]]) -> Decimal | None:
    known = sorted(weights, key=lambda entry: str(entry["on"]))
    until = [entry for entry in known if day is None or str(entry["on"]) <= str(day)]
    chosen = until[-1:] or known[:1]
    return Decimal(str(chosen[0]["kg"])) if chosen else None


def of_prescription(row: Prescription) -> Facts:
    """What is to be prescribed or handed over."""
    facts: Facts = {
        "product": row.product.code,
        "soya_oil": row.product.soya_oil,
        "daily_mg": row.daily_mg,
        "days": row.days,
        "doses_per_day": row.doses_per_day,
        "lot_importer": row.lot.importer_code,
        "route": row.route,
        "voided": row.status in _VOID,
    }
    if row.issued_on is not None:
        facts["issued_on"] = str(row.issued_on)
    return {"prescription": facts}
