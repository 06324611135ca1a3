"""What a physician sees of a prescription in review, and what may be done with it now."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from backend import clock
from backend.api.identity import has_second_factor, is_fresh
from backend.api.permissions import SecondFactorRequired
from backend.kernel.actor import Actor
from backend.kernel.errors import Problem
from backend.kernel.text import Text
from backend.portals.physician.gates import Gates, gates_of
from backend.portals.physician.panels.labs import lab_charts
from backend.portals.physician.panels.pregnancy import ribbon
from backend.portals.physician.urgent import Urgent, urgent_tasks, waits_for_care
from backend.portals.physician.words import PRESCRIPTION_STATUSES
from backend.portals.shell.offers import Offer, offer
from backend.portals.shell.visit import Visit
from backend.prescriptions.clearing import require_open, sign_offs_for
from backend.prescriptions.dosage import require_usable
from backend.prescriptions.errors import NotClear, UrgentTaskOpen
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import assess_prescription, prescriptions_visible_to
from backend.prescriptions.rules import PRESCRIPTIONS
from backend.protocol.case import Case
from backend.protocol.days import age, days_between
from backend.protocol.dose import newest_weight
from backend.protocol.findings import Assessment
from backend.protocol.pack import Pack, load

LOW, HIGH = "cumulative_target_lowest", "cumulative_warn_above"  # D-08


@dataclass(frozen=True, slots=True)
class Head:
    """Who the patient is, in the numbers that a dose is judged by. mg/kg; None = unknown."""

    age_years: int
    can_become_pregnant: bool | None
    weight_kg: Decimal | None
    weighed_on: date | None
    programme: str
    course_number: int
    course_month: int | None
    cumulative_mg_per_kg: Decimal | None
    after_mg_per_kg: Decimal | None
    daily_mg_per_kg: Decimal | None
    low_mg_per_kg: Decimal
    high_mg_per_kg: Decimal


@dataclass(frozen=True, slots=True)
class Review:
    """Everything on the review page. `is_fresh`: signing needs no further proof of who it is."""

    row: Prescription
    head: Head
    gates: Gates
    assessment: Assessment
    approve: Offer
    return_: Offer
    decline: Offer
    void: Offer
    sign_off: Offer
    is_fresh: bool
    urgent: Urgent
    panels: dict[str, Any]


def rows_to_review(actor: Actor) -> QuerySet[Prescription]:
    """The prescriptions that the actor may see, with what a review reads of them."""
    return prescriptions_visible_to(actor).select_related(
        "course", "visit", "patient__clinic", "patient__test_clock", "product", "lot__importer"
    )


def review_of(visit: Visit, row: Prescription) -> Review:
    """The live assessment with what it rests on; changes nothing. Raises NoSuchPack (422)."""
    row.course.patient = row.visit.patient = row.patient
    at = clock.now(row.patient)
    assessment, case = assess_prescription(row, prescriber=visit.staff_member, at=at)
    urgent = urgent_tasks(visit.actor)
    sign_offs = sign_offs_for(row, approver_id=None)
    gates = gates_of(row, assessment, sign_offs, reader_id=visit.actor.user_id)
    today, pack = clock.civil_day(at, row.patient.zone), load(assessment.pack)
    session = visit.request.session
    bar = second_factor_bar(session)

    def offered(verb: str, unless: Text | None = None) -> Offer:
        return offer(
            PRESCRIPTIONS,
            verb,
            status=row.status,
            actor=visit.actor,
            unless=unless,
            states=PRESCRIPTION_STATUSES,
        )

    return Review(
        row=row,
        head=_head(row, case, pack, today),
        gates=gates,
        assessment=assessment,
        approve=offered("approve", _why_not_approve(row, gates, urgent, at) or bar),
        return_=offered("return"),
        decline=offered("decline"),
        void=offered("void"),
        sign_off=offered("sign_off", bar),
        is_fresh=is_fresh(session),
        urgent=urgent,
        panels={"labs": lab_charts(case.labs, pack), "ribbon": ribbon(case, pack, today)},
    )


def second_factor_bar(session: Any) -> Text | None:
    """Why somebody who proved one factor only cannot sign; None for two."""
    if settings.PRESCRIBER_MFA_REQUIRED and not has_second_factor(session):
        return SecondFactorRequired.title
    return None


def _why_not_approve(row: Prescription, gates: Gates, urgent: Urgent, at: datetime) -> Text | None:
    """What the approval would refuse now, in the order in which it asks."""
    try:
        require_open(row.course)
        if waits_for_care(row.patient, urgent):
            raise UrgentTaskOpen()
        if gates.standing:
            rules = gates.rules
            return Text(
                f"{NotClear.title.ja}（{'、'.join(rules)}）",
                f"{NotClear.title.en} ({', '.join(rules)})",
            )
        today = clock.civil_day(at, row.patient.zone)
        require_usable(row.lot, product_id=row.product_id, days=row.days, today=today)
    except Problem as refusal:
        return refusal.detail or refusal.title
    return None


def _head(row: Prescription, case: Case, pack: Pack, today: date) -> Head:
    weight = newest_weight(case.patient.weights)
    kg = weight.kg if weight else None
    dispensed = case.course.dispensed_mg or Decimal(0)
    started_on = row.course.started_on
    return Head(
        age_years=age(row.patient.birth_on, today),
        can_become_pregnant=case.patient.can_become_pregnant,
        weight_kg=kg,
        weighed_on=weight.on if weight else None,
        programme=row.patient.clinic.programme.upper(),
        course_number=row.course.number,
        course_month=days_between(started_on, today) // 30 + 1 if started_on else None,
        cumulative_mg_per_kg=dispensed / kg if kg else None,
        after_mg_per_kg=(dispensed + row.daily_mg * row.days) / kg if kg else None,
        daily_mg_per_kg=row.daily_mg / kg if kg else None,
        low_mg_per_kg=pack.number(LOW),
        high_mg_per_kg=pack.number(HIGH),
    )
