"""Tasks: what they are called, and the forms by which they are done."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.portals.physician.words import to_choose
from backend.worklist.models import Task
from backend.worklist.rules import TaskKind

KINDS = {
    "red_flag": _("Red flag in a check-in"),
    "adverse_event": _("Adverse event"),
    "check_in_review": _("Check-in to review"),
    "check_in_missed": _("Check-in missed"),
    "pregnancy_reported": _("Pregnancy reported"),
    "mood_risk": _("Mood at risk"),
    "consent_withdrawn": _("Consent withdrawn"),
    "prescription_rejected": _("Prescription refused by the pharmacy"),
    "facts_changed": _("Facts changed since the approval"),
    "facts_unknown": _("Facts unknown at the hand-over"),
    "pack_changed": _("The rules changed"),
    "second_course_decision": _("Decision about a second course"),
    "contact_patient": _("Contact the patient"),
    "delivery_failed": _("A message did not arrive"),
    "emergency_access_review": _("Emergency access to review"),
}
OUTCOMES = {
    "resolved": _("Resolved"),
    "no_action_needed": _("No action needed"),
    "patient_advised": _("Patient advised"),
    "treatment_changed": _("Treatment changed"),
    "visit_arranged": _("Visit arranged"),
    "referred": _("Referred"),
    "emergency_referred": _("Referred as an emergency"),
}
VERDICTS = {"justified": _("Justified"), "not_justified": _("Not justified")}
_AREA = forms.Textarea(attrs={"rows": 4})
_INSTANT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class CompleteForm(forms.Form):
    """How a task ended."""

    outcome = forms.ChoiceField(label=_("How it ended"), choices=to_choose(OUTCOMES))
    note = forms.CharField(label=_("Note"), max_length=4000, required=False, widget=_AREA)
    contacted_at = forms.DateTimeField(
        label=_("Patient reached at"), required=False, widget=_INSTANT
    )


class UrgentForm(CompleteForm):
    """The same of an urgent one: somebody reached the patient."""

    contacted_at = forms.DateTimeField(
        label=_("Patient reached at"),
        help_text=_("An urgent task is done only after somebody reached the patient."),
        widget=_INSTANT,
    )


class VerdictForm(forms.Form):
    """What somebody else thinks of an emergency access."""

    outcome = forms.ChoiceField(label=_("Verdict"), choices=to_choose(VERDICTS))
    note = forms.CharField(label=_("Note"), max_length=2000, widget=_AREA)


def form_for(task: Task, data: Any = None) -> forms.Form:
    """The form by which this task is done; nothing in it is said beforehand."""
    if task.kind == TaskKind.EMERGENCY_ACCESS_REVIEW:
        return VerdictForm(data)
    if task.is_urgent:
        return UrgentForm(data)
    return CompleteForm(data)
