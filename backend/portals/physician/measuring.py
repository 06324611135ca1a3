"""What a physician can note on a patient's page: a form and the verb's address each."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.portals.physician.panels.labs import NAMES
from backend.portals.physician.panels.pregnancy import RESULTS, SETTINGS
from backend.portals.physician.words import to_choose
from backend.protocol.vocabulary import UNITS_OF_ANALYTE


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def taken_on() -> forms.DateField:
    """The civil day where the patient lives."""
    return forms.DateField(label=_("Day"), widget=_Day)


class WeightForm(forms.Form):
    """A weight in kilograms (D-19)."""

    kg = forms.DecimalField(label=_("Weight (kg)"), max_digits=4, decimal_places=1)
    taken_on = taken_on()


class LabForm(forms.Form):
    """One laboratory result, in the unit in which it was reported."""

    analyte = forms.ChoiceField(label=_("Test"), choices=to_choose(NAMES))
    value = forms.DecimalField(label=_("Value"), max_digits=10, decimal_places=3)
    unit = forms.ChoiceField(
        label=_("Unit"),
        choices=[(unit, unit) for unit in sorted(set().union(*UNITS_OF_ANALYTE.values()))],
    )
    uln = forms.DecimalField(
        label=_("Upper limit of normal"), max_digits=10, decimal_places=3, required=False
    )
    fasting = forms.BooleanField(label=_("Fasting"), required=False)
    taken_on = taken_on()


class PregnancyTestForm(forms.Form):
    """A pregnancy test."""

    result = forms.ChoiceField(label=_("Result"), choices=to_choose(RESULTS))
    setting = forms.ChoiceField(label=_("Where"), choices=to_choose(SETTINGS))
    coded = forms.BooleanField(
        label=_("The photo shows the one-time code (tests at home)"), required=False
    )
    taken_on = taken_on()


class PhqForm(forms.Form):
    """Scores of the mood questionnaires; what is left empty was not answered."""

    phq2 = forms.IntegerField(label="PHQ-2 (0–6)", min_value=0, max_value=6, required=False)
    phq9 = forms.IntegerField(label="PHQ-9 (0–27)", min_value=0, max_value=27, required=False)
    item9 = forms.IntegerField(
        label=_("PHQ-9, question 9 (0–3)"), min_value=0, max_value=3, required=False
    )
    taken_on = taken_on()


@dataclass(frozen=True, slots=True)
class Measurement:
    """How something is noted."""

    title: str | Promise
    path: str
    form: type[Any]


MEASUREMENTS = {
    "weight": Measurement(_("Weight"), "/v1/weights", WeightForm),
    "lab": Measurement(_("Laboratory result"), "/v1/lab_results", LabForm),
    "test": Measurement(_("Pregnancy test"), "/v1/pregnancy_tests", PregnancyTestForm),
    "phq": Measurement(_("Mood questionnaires"), "/v1/phq_scores", PhqForm),
}
