"""What a check-in asks, in words for the patient; the codes are those of the protocol."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from backend.accounts.models import Patient
from backend.clock import civil_day
from backend.followups.rules import CheckInKind
from backend.intake.questionnaire import newest
from backend.kernel.actor import Actor
from backend.kernel.text import Text
from backend.prescriptions.models import Course
from backend.prescriptions.rules import CourseStatus
from backend.records.models import Statement
from backend.records.queries import facts_visible_to
from backend.rulebook.queries import in_force_for

FLAGS = {
    "bih": _("Headache together with blurred or double vision, vomiting or a pulsing in the ears"),
    "mood": _(
        "Thoughts of dying, of hurting yourself or others; seeing or hearing what is not there"
    ),
    "pancreatitis": _("Severe pain in the upper belly, perhaps into the back, or vomiting with it"),
    "sjs": _("Blisters, target-like spots, sores in the mouth or eyes, a rash with fever"),
    "anaphylaxis": _("Swelling of the face, lips or throat; hard to breathe, wheezing"),
    "rhabdo": _("Severe muscle pain or weakness with dark urine"),
    "liver": _("Yellow skin or eyes, dark urine, pain under the right ribs"),
    "gut": _("Blood from the bowel, bloody or severe diarrhoea"),
    "hearing": _("New ringing in the ears, or hearing less"),
    "vision": _("Seeing badly in the dark, or pain in the eyes"),
    "fulminans": _("Acne that suddenly breaks open and ulcerates, with fever or joint pain"),
    "pregnancy": _("A positive pregnancy test, or a late period"),
}
SYMPTOMS = {
    "abdominal_pain": _("Belly ache"),
    "vomiting": _("Vomiting"),
    "fever": _("Fever"),
    "muscle_pain": _("Muscle pain"),
    "jaundice": _("Yellowish skin or eyes"),
    "dark_urine": _("Dark urine"),
}
ITEMS = {
    "lips": _("Dry or cracked lips"),
    "skin": _("Dry, itchy or peeling skin"),
    "eyes": _("Dry or sore eyes"),
    "nose": _("Dry nose, nosebleeds"),
    "joints": _("Pain in joints or muscles"),
    "back": _("Back pain"),
    "headache": _("Headache"),
    "fatigue": _("Tiredness"),
    "hair": _("Hair loss"),
    "gut": _("Stomach or bowel trouble"),
    "sun": _("Redness or burning in the sun"),
    "flare": _("Acne getting worse"),
}
GRADES = {
    0: _("None"),
    1: _("A little"),
    2: _("Medium"),
    3: _("Strong"),
    4: _("Very strong"),
}
POTENTIAL = "pregnancy_potential"


@dataclass(frozen=True, slots=True)
class MoodQuestion:
    """One question of the PHQ: its number from 1 to 9, its words, its graded answers."""

    number: int
    text: Text
    options: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of this patient now.

    `can_become_pregnant`: None while nobody noted it. `phq9_from`: the PHQ-2 score from which
    the other seven are asked (K-08). `is_unasked`: she tells it of her own accord. `today`: the
    civil day where she lives.
    """

    is_unasked: bool
    is_running: bool
    is_closing: bool
    can_become_pregnant: bool | None
    phq9_from: int
    today: date

    @property
    def contraception(self) -> bool:
        """Whether to ask for it: until a month after the last dose (K-10)."""
        return self.can_become_pregnant is not False and (self.is_running or self.is_closing)

    @property
    def flags(self) -> dict[str, str]:
        """The red flags that can apply."""
        gone = {"pregnancy"} if self.can_become_pregnant is False else set()
        return {code: str(text) for code, text in FLAGS.items() if code not in gone}


def may_become_pregnant(patient: Patient, *, by: Actor) -> bool | None:
    """What was said of it last; None while nobody noted it. One query."""
    said = facts_visible_to(by, Statement).filter(topic=POTENTIAL, retracted_at=None)
    newest_said = said.filter(patient=patient).order_by("-noted_at", "-id").first()
    return newest_said.value.get("can_become_pregnant") if newest_said else None


def asked_of(
    patient: Patient, course: Course | None, kind: str, *, by: Actor, at: datetime
) -> Asked:
    """What to ask; at most two queries."""
    pack, _activated = in_force_for(patient, at=at)
    return Asked(
        is_unasked=kind == CheckInKind.UNSCHEDULED,
        is_running=course is not None and course.status == CourseStatus.RUNNING,
        is_closing=kind == CheckInKind.CLOSING,
        can_become_pregnant=may_become_pregnant(patient, by=by),
        phq9_from=pack.whole("phq2_positive_from"),
        today=civil_day(at, patient.zone),
    )


def mood_questions() -> list[MoodQuestion]:
    """The nine questions of the PHQ, as the newest intake asks them."""
    items = [
        item
        for section in newest("acne_intake").sections
        for item in section.items
        if item.score == "phq"
    ]
    return [
        MoodQuestion(number, item.text, tuple(option.text for option in item.options))
        for number, item in enumerate(items, start=1)
    ]
