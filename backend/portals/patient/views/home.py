"""Where the patient's app begins: what to take today, and what comes next."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Subquery
from django.http import HttpResponse

from backend.accounts.models import Patient
from backend.accounts.rules import PATIENTS
from backend.booking.models import Visit as Booking
from backend.booking.queries import visits_visible_to
from backend.booking.rules import VisitStatus
from backend.clock import civil_day
from backend.followups.models import CheckIn
from backend.followups.queries import (
    advice_on,
    check_ins_visible_to,
    next_check_in,
    second_course_decisions_visible_to,
)
from backend.followups.rules import CheckInStatus
from backend.followups.template import closing_on, second_course_opens_on
from backend.intake.queries import responses_visible_to
from backend.intake.rules import ResponseStatus
from backend.kernel.actor import Actor, Role
from backend.pharmacy.queries import dispenses_visible_to
from backend.portals.patient import due
from backend.portals.patient.check_in_questions import POTENTIAL
from backend.portals.patient.medicine import Taking, taking_of
from backend.portals.patient.outcome import last_seen, outcome_of
from backend.portals.patient.prescription_words import FELL_THROUGH, said_of, why_declined
from backend.portals.patient.views.visits_shown import (
    Preparation,
    documents_to_sign,
    stage_of,
)
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit
from backend.prescriptions.models import Course, Prescription
from backend.prescriptions.queries import courses_visible_to, prescriptions_visible_to
from backend.prescriptions.rules import CourseStatus, PrescriptionStatus
from backend.protocol.pack import Pack
from backend.records.models import Fact, LabResult, PregnancyTest, Statement
from backend.records.queries import facts_visible_to
from backend.rulebook.queries import in_force_for

AHEAD = (VisitStatus.HELD, VisitStatus.BOOKED, VisitStatus.IN_PROGRESS)


@page(PATIENTS["read"], only=Role.PATIENT)
def home(visit: Visit) -> HttpResponse:
    """GET /me/: today, and what comes next."""
    patient = visit.patient
    visit.saw(PATIENTS["read"], patient)
    course = _newest_course(visit)
    now = Now(visit, course.patient if course else patient, course)
    status = course.status if course else CourseStatus.CANCELLED
    content = {"clinic": now.patient.clinic, "course": course, "today": now.today}
    template, more = _PAGES[CourseStatus(status)](now, course)
    return visit.show(f"patient/{template}.html", content | more)


@dataclass
class Now:
    """The patient and the instant that everything on the page is about."""

    visit: Visit
    patient: Patient
    known: Any  # the newest course with what `_newest_course` put to it; None without a course
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.today = civil_day(self.visit.now, self.patient.zone)

    @property
    def actor(self) -> Actor:
        """The patient as who looks."""
        return self.visit.actor

    @property
    def at(self) -> datetime:
        """The patient's present."""
        return self.visit.now

    def pack(self) -> Pack:
        """The rules in force for the patient today."""
        return in_force_for(self.patient, at=self.at)[0]

    def next_visit(self) -> Booking | None:
        """The visit ahead: held, booked or under way."""
        rows = visits_visible_to(self.actor).filter(status__in=AHEAD, ends_at__gt=self.at)
        return rows.order_by("starts_at").first()

    @property
    def may_become_pregnant(self) -> bool:
        """Unless the last that was said of it is no: who is not known to be safe prevents."""
        said = self.known.potential or {}
        return said.get("can_become_pregnant") is not False

    def waiting(self) -> list[CheckIn]:
        """The check-ins that wait for an answer, the oldest first."""
        rows = check_ins_visible_to(self.actor).filter(status=CheckInStatus.OPEN)
        return list(rows.order_by("opened_at", "id"))

    def check_ins(self) -> list[due.Due]:
        """Those that wait; where none does, the one that comes next."""
        waiting = due.check_in_due(self.waiting(), self.patient.zone)
        return waiting or due.next_check_in(next_check_in(self.actor))


def _before(now: Now, course: Course | None) -> tuple[str, dict[str, Any]]:
    """No course yet, or a cancelled one: the steps to one, and what came of the last visit."""
    visits = visits_visible_to(now.actor).filter(status__in=(*AHEAD, VisitStatus.COMPLETED))
    rows = list(visits.order_by("-starts_at")[:5])
    ahead = [row for row in rows if row.status in AHEAD and row.ends_at > now.at]
    last = last_seen(rows)
    seen = last is not None
    answered = responses_visible_to(now.actor).filter(status=ResponseStatus.SUBMITTED).exists()
    unsigned = documents_to_sign(now.patient, now.actor, now.at)
    steps = [
        Preparation("profile", True),
        Preparation("intake", answered, "patient:intake"),
        Preparation("consents", not unsigned, "patient:consents", len(unsigned)),
        Preparation("booking", bool(ahead) or seen, "patient:slots"),
        Preparation("identity", now.patient.identity_verified_at is not None),
        Preparation("visit", seen),
    ]
    main = next((step for step in steps if not step.is_done and step.page), None)
    return "home_before", {
        "steps": steps,
        "main": main,
        "done": sum(step.is_done for step in steps),
        "visit_ahead": ahead[-1] if ahead else None,
        "stage": stage_of(ahead[-1], now.at) if ahead else None,
        "outcome": outcome_of(
            last,
            course,
            _newest_prescription(now, course) if course else None,
            now.patient,
            at=now.at,
            language=now.visit.language,
        ),
    }


def _planned(now: Now, course: Course | None) -> tuple[str, dict[str, Any]]:
    """The course is planned; no capsule was handed over yet."""
    newest = _newest_prescription(now, course)
    booked = now.next_visit()
    found = [*due.visit_due(*_of_visit(booked, now)), *due.medicine_due(newest)]
    main, others = due.in_order(found)
    return "home_planned", {
        "prescription": newest,
        "said": said_of(newest) if newest else None,
        "why": why_declined(newest, now.visit.language) if newest else "",
        "is_declined": newest is not None and newest.status == PrescriptionStatus.DECLINED,
        "fell_through": newest is not None and newest.status in FELL_THROUGH,
        "booked": booked,
        "main": main,
        "others": others,
    }


def _running(now: Now, course: Course | None) -> tuple[str, dict[str, Any]]:
    """The medicine is being taken."""
    dispenses = dispenses_visible_to(now.actor).filter(prescription__course=course)
    taking = taking_of(
        list(dispenses.prefetch_related(None).order_by("handed_over_at")), now.patient
    )
    newest, booked, pack = _newest_prescription(now, course), now.next_visit(), now.pack()
    medicine = due.medicine_due(newest)
    found = [
        *now.check_ins(),
        *due.visit_due(*_of_visit(booked, now)),
        *medicine,
        *_tests(now, course, taking, pack),
        *due.supply_due(taking, booked is not None, bool(medicine), now.today),
    ]
    main, others = due.in_order(found)
    day = (now.today - course.started_on).days + 1 if course and course.started_on else 1
    fell_through = newest if newest and newest.status in FELL_THROUGH else None
    return "home_running", {
        "taking": taking,
        "main": main,
        "others": others,
        "day": day,
        "fell_through": fell_through,
        "said": said_of(fell_through) if fell_through else None,
        "why": why_declined(fell_through, now.visit.language) if fell_through else "",
    }


def _tests(now: Now, course: Course | None, taking: Taking | None, pack: Pack) -> list[due.Due]:
    if course is None:
        return []
    found = due.laboratory_due(course, now.known.newest_lab_on, pack, now.today)
    if not now.may_become_pregnant:
        return found
    newest = now.known.newest_negative_on
    return [*due.pregnancy_test_due(taking, newest, pack, now.today), *found]


def _halted(now: Now, course: Course | None) -> tuple[str, dict[str, Any]]:
    """Stopped: nothing is to be taken, and a person calls."""
    rows = check_ins_visible_to(now.actor).filter(course=course, status=CheckInStatus.ANSWERED)
    last = rows.order_by("-answered_at").first()
    is_cause = last is not None and course is not None and last.answered_at == course.halted_at
    return "home_halted", {
        "advice": advice_on(last) if last and is_cause else [],
        "booked": now.next_visit(),
        "prevents": now.may_become_pregnant,
    }


def _ended(now: Now, course: Course | None) -> tuple[str, dict[str, Any]]:
    """After the last dose: prevention for a month more, and what follows."""
    if course is None or course.ended_on is None:
        return _before(now, None)
    pack = now.pack()
    safe_from = closing_on(course.ended_on, pack)
    rows = second_course_decisions_visible_to(now.actor).filter(course=course)
    main, others = due.in_order(
        [*now.check_ins(), *due.visit_due(*_of_visit(now.next_visit(), now))]
    )
    return "home_ended", {
        "safe_from": safe_from,
        "is_safe": now.today >= safe_from,
        "prevents": now.may_become_pregnant,
        "second_opens_on": second_course_opens_on(course.ended_on, pack),
        "decision": rows.order_by("-decided_at").first(),
        "main": main,
        "others": others,
    }


def _newest_course(visit: Visit) -> Course | None:
    """With the clinic, and in the same query what the tests that are due hang on."""

    def newest(model: type[Fact], value: str, **which: str) -> Subquery:
        rows = facts_visible_to(visit.actor, model).filter(retracted_at=None, **which)
        order = "-taken_on" if model is not Statement else "-noted_at"
        return Subquery(rows.order_by(order, "-id").values(value)[:1])

    rows = (
        courses_visible_to(visit.actor)
        .select_related("patient__clinic")
        .annotate(
            newest_lab_on=newest(LabResult, "taken_on"),
            newest_negative_on=newest(PregnancyTest, "taken_on", result="negative"),
            potential=newest(Statement, "value", topic=POTENTIAL),
        )
    )
    return rows.order_by("-number", "-id").first()


def _newest_prescription(now: Now, course: Course | None) -> Prescription | None:
    return prescriptions_visible_to(now.actor).filter(course=course).order_by("-id").first()


def _of_visit(booked: Booking | None, now: Now) -> tuple[Any, Any, date]:
    if booked is None:
        return None, None, now.today
    day = civil_day(booked.starts_at, now.patient.zone)
    return booked, stage_of(booked, now.at), day


_PAGES = {
    CourseStatus.CANCELLED: _before,
    CourseStatus.NOT_STARTED: _planned,
    CourseStatus.RUNNING: _running,
    CourseStatus.HALTED: _halted,
    CourseStatus.ENDED: _ended,
}
