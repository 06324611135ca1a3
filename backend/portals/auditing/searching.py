"""What an auditor searches the trail by, as a form: days where the clinic is, words for codes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from backend.audit.models import Outcome

# Days that are an instant in every zone.
_IN_REACH = (MinValueValidator(date(1970, 1, 1)), MaxValueValidator(date(2199, 12, 31)))


class _Day(forms.DateInput):
    input_type = "date"


class SearchForm(forms.Form):
    """Every field may be empty; days are civil days at the clinic, both counted."""

    patient = forms.CharField(
        label=_("Patient (pt_…)"), max_length=40, required=False, help_text=_("The public id.")
    )
    actor = forms.CharField(label=_("Who (role:usr_…)"), max_length=120, required=False)
    object = forms.CharField(label=_("Object (rx_…, vis_…)"), max_length=40, required=False)
    action_prefix = forms.CharField(
        label=_("Action"),
        max_length=80,
        required=False,
        help_text=_("Its beginning: prescription, or prescription.approve"),
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[
            ("", _("All")),
            (Outcome.DONE.value, _("Done")),
            (Outcome.REFUSED.value, _("Refused")),
        ],
        required=False,
    )
    request_id = forms.CharField(label=_("Request"), max_length=64, required=False)
    since = forms.DateField(label=_("From day"), widget=_Day, required=False, validators=_IN_REACH)
    until = forms.DateField(label=_("Until day"), widget=_Day, required=False, validators=_IN_REACH)


def as_query(cleaned: dict[str, Any], zone: str) -> QueryDict:
    """What was asked for in the words of /v1/audit_entries."""
    query = QueryDict(mutable=True)
    for name in ("patient", "actor", "object", "action_prefix", "outcome", "request_id"):
        if cleaned.get(name):
            query[name] = cleaned[name]
    if cleaned.get("since"):
        query["at_from"] = _begin(cleaned["since"], zone)
    if cleaned.get("until"):
        query["at_before"] = _begin(cleaned["until"] + timedelta(days=1), zone)
    return query


def _begin(day: date, zone: str) -> str:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC).isoformat()
