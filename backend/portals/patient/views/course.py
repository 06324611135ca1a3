"""The course so far: the dose against its target, what to expect when, and each prescription."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.clock import civil_day
from backend.kernel.actor import Role
from backend.pharmacy.queries import dispenses_visible_to
from backend.portals.patient.check_in_questions import may_become_pregnant
from backend.portals.patient.medicine import DoseSoFar, dose_so_far, taking_of
from backend.portals.patient.prescription_words import said_of, why_declined
from backend.portals.shell.charts import Chart, Series, Threshold
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import courses_visible_to, prescriptions_visible_to
from backend.prescriptions.rules import COURSES, CourseStatus
from backend.records.models import Weight
from backend.records.queries import facts_visible_to
from backend.rulebook.queries import in_force_for


@dataclass(frozen=True, slots=True)
class Expected:
    """What usually happens in some days of a course (A-08): day 1 is that of the first dose."""

    code: str
    first_day: int
    last_day: int | None
    when: Promise
    title: Promise
    text: Promise

    def state(self, day: int | None) -> str:
        """Whether these days are past, now or ahead."""
        if day is None or day < self.first_day:
            return "ahead"
        return "now" if self.last_day is None or day <= self.last_day else "past"


EXPECTED = (
    Expected(
        "flare",
        1,
        14,
        _("Weeks 1 and 2"),
        _("Acne may flare up"),
        _("It often gets worse before it gets better, and settles within about ten days."),
    ),
    Expected(
        "dryness",
        1,
        None,
        _("From the first weeks, all along"),
        _("Lips, skin, eyes and nose get dry"),
        _("Lip balm every hour, moisturiser without scent, artificial tears, sun protection."),
    ),
    Expected(
        "effect",
        29,
        112,
        _("From month 1"),
        _("The effect begins"),
        _("Fewer new spots from about week 4 to 6, month by month."),
    ),
    Expected(
        "clear",
        113,
        None,
        _("From month 4"),
        _("Most people are clear"),
        _("The course goes on until the target is reached, so that acne stays away."),
    ),
    Expected(
        "after",
        10_000,
        None,
        _("After the end"),
        _("The skin goes on improving"),
        _("For up to two months. Prevention of pregnancy goes on for one month."),
    ),
)


@page(COURSES["read"], only=Role.PATIENT)
def course(visit: Visit) -> HttpResponse:
    """GET /me/course: the newest course; what to expect where there is none yet."""
    patient = visit.patient
    rows = courses_visible_to(visit.actor).exclude(status=CourseStatus.CANCELLED)
    found = rows.order_by("-number", "-id").first()
    if found is None:
        visit.saw(COURSES["list"], patient)
        stages = [(one, one.state(None)) for one in EXPECTED]
        return visit.show("patient/course_none.html", {"stages": stages})
    visit.saw(COURSES["read"], found)
    today = civil_day(visit.now, patient.zone)
    day = (today - found.started_on).days + 1 if found.started_on else None
    dispenses = list(
        dispenses_visible_to(visit.actor)
        .filter(prescription__course=found)
        .order_by("handed_over_at")
    )
    pack, _activated = in_force_for(patient, at=visit.now)
    weights = facts_visible_to(visit.actor, Weight).filter(retracted_at=None)
    weight = weights.order_by("-taken_on", "-id").values_list("kg", flat=True).first()
    dose = dose_so_far(dispenses, weight, pack, patient.zone)
    prescriptions = prescriptions_visible_to(visit.actor).filter(course=found).order_by("-id")
    is_over = found.status == CourseStatus.ENDED
    can = None if is_over else may_become_pregnant(patient, by=visit.actor)
    content = {
        "course": found,
        "day": day,
        "today": today,
        "clinic": patient.clinic,
        "is_halted": found.status == CourseStatus.HALTED,
        "is_over": is_over,
        "prevents": can is not False,
        "taking": taking_of(dispenses, patient) if found.status == CourseStatus.RUNNING else None,
        "dose": dose,
        "chart": _chart(dose, found.ended_on or today),
        "stages": [(one, _state(one, day, is_over=is_over)) for one in EXPECTED],
        "prescriptions": [_shown(row, visit.language) for row in prescriptions],
    }
    return visit.show("patient/course.html", content)


def _state(one: Expected, day: int | None, *, is_over: bool) -> str:
    if is_over:
        return "now" if one.code == "after" else "past"
    return one.state(day)


def _shown(row: Prescription, language: str) -> dict[str, object]:
    return {"row": row, "said": said_of(row), "why": why_declined(row, language)}


def _chart(dose: DoseSoFar, until: date) -> Chart | None:
    """From the first hand-over to today; nothing to draw on its first day."""
    by_day = dict(dose.points)  # two hand-overs on one day: the later sum
    if not by_day or until <= min(by_day):
        return None
    by_day.setdefault(until, dose.points[-1][1])
    return Chart(
        name="dose",
        label=gettext("Handed over so far, against the target"),
        x_label=gettext("Handed over on"),
        x=list(by_day),
        unit="mg/kg",
        series=[Series(gettext("In all"), list(by_day.values()), "brand", is_stepped=True)],
        thresholds=[
            Threshold(gettext("Target from"), dose.low, "clear"),
            Threshold(gettext("Target to"), dose.high, "hold"),
        ],
    )
