"""A course from its plan to its end: the forms, and which of its verbs are open."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.followups.errors import AlreadyOffered
from backend.followups.models import SecondCourseDecision
from backend.followups.rules import SECOND_COURSES, SecondCourseStatus
from backend.kernel.actor import Actor
from backend.kernel.errors import Problem
from backend.kernel.text import Text
from backend.portals.physician.measuring import taken_on
from backend.portals.physician.words import (
    COURSE_STATUSES,
    END_REASONS,
    HALT_REASONS,
    INDICATIONS,
    to_choose,
)
from backend.portals.shell.offers import Offer, offer
from backend.prescriptions.clearing import require_open
from backend.prescriptions.errors import (
    CourseAlreadyOpen,
    CourseNeverStarted,
    CourseWasStarted,
    NextCourseNotAllowed,
    PrescriptionAlreadyOpen,
    SeniorPhysicianNeeded,
    UrgentTaskOpen,
)
from backend.prescriptions.models import Course, Prescription
from backend.prescriptions.rules import (
    COURSES,
    OPEN,
    OPEN_COURSE,
    PRESCRIPTIONS,
    CourseStatus,
)


class CourseForm(forms.Form):
    """A course to be planned."""

    indication = forms.ChoiceField(label=_("Indication"), choices=list(INDICATIONS.items()))


class HaltForm(forms.Form):
    """Why the medicine is stopped."""

    reason = forms.ChoiceField(label=_("Reason"), choices=to_choose(HALT_REASONS))


class ResumeForm(forms.Form):
    """What lets a halted course go on: a specialist's clearance, and the senior's reason."""

    specialist = forms.CharField(label=_("Specialist (name and field)"), max_length=120)
    cleared_on = taken_on()
    note = forms.CharField(
        label=_("What the specialist wrote"), max_length=2000, widget=forms.Textarea
    )
    reason = forms.CharField(
        label=_("Why the course may go on"), max_length=2000, widget=forms.Textarea
    )


class EndForm(forms.Form):
    """The day of the last dose, and why."""

    ended_on = taken_on()
    reason = forms.ChoiceField(label=_("Reason"), choices=to_choose(END_REASONS))


class SecondCourseForm(forms.Form):
    """Whether a second course may follow, on what is seen today (T-20 to T-24)."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("offer", _("Offer a second course")), ("decline", _("No second course"))],
        widget=forms.RadioSelect,
    )
    iga = forms.TypedChoiceField(
        label=_("Global assessment (IGA)"),
        coerce=int,
        choices=to_choose(
            {
                "0": _("0: clear"),
                "1": _("1: almost clear"),
                "2": _("2: mild"),
                "3": _("3: moderate"),
                "4": _("4: severe"),
            }
        ),
    )
    scarring = forms.BooleanField(label=_("Scarring, or a relapse with scars"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea)


def course_offers(course: Course, actor: Actor, *, is_urgent: bool) -> dict[str, Offer]:
    """What the physician may do with a course now.

    `is_urgent`: an urgent task about the patient is open; nothing is resumed before it is done.
    """
    bars = {
        "cancel": CourseWasStarted.title if course.started_on else None,
        "end": None if course.started_on else CourseNeverStarted.title,
        "resume": _why_not_resume(actor, is_urgent),
    }
    return {
        name: offer(
            COURSES,
            name,
            status=course.status,
            actor=actor,
            unless=bars.get(name),
            states=COURSE_STATUSES,
        )
        for name in ("halt", "resume", "end", "cancel")
    }


def _why_not_resume(actor: Actor, is_urgent: bool) -> Text | None:
    if not actor.is_senior:
        return SeniorPhysicianNeeded.title
    return UrgentTaskOpen.title if is_urgent else None


def next_course_offer(courses: Iterable[Course], actor: Actor) -> Offer:
    """Planning the next course: when none is open, and after an end only once a decision allows it
    (T-20).

    `courses`: the patient's, the newest first.
    """
    return offer(COURSES, "create", status="", actor=actor, unless=_why_no_course(list(courses)))


def _why_no_course(courses: list[Course]) -> Text | None:
    if any(one.status in OPEN_COURSE for one in courses):
        return CourseAlreadyOpen.title
    last = next((one for one in courses if one.status == CourseStatus.ENDED), None)
    is_barred = last is not None and last.next_course_allowed_at is None
    return NextCourseNotAllowed.title if is_barred else None


def second_course_offer(decided: Iterable[SecondCourseDecision], actor: Actor) -> Offer:
    """Deciding about a second course: until one was offered. `decided`: of the course."""
    was_offered = any(one.status == SecondCourseStatus.OFFERED for one in decided)
    unless = AlreadyOffered.title if was_offered else None
    return offer(SECOND_COURSES, "decide", status="", actor=actor, unless=unless)


def prescribe_offer(course: Course, prescriptions: Iterable[Prescription], actor: Actor) -> Offer:
    """Drafting a prescription: on a course that is open, and has none that is not finished.

    `prescriptions`: of the patient; those of other courses do not count.
    """
    own = (one for one in prescriptions if one.course_id == course.id)
    has_open = any(one.status in OPEN for one in own)
    unless = PrescriptionAlreadyOpen.title if has_open else None
    try:
        require_open(course)
    except Problem as refusal:
        unless = refusal.title
    return offer(PRESCRIPTIONS, "draft", status="", actor=actor, unless=unless)
