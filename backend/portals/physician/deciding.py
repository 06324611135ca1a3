"""The forms by which a prescription is decided: each one a verb of the API, each asked twice."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.api.parser import parse_object
from backend.kernel.errors import Invalid
from backend.kernel.text import Text
from backend.portals.physician.gates import Gates
from backend.portals.physician.words import to_choose
from backend.protocol.findings import Finding

DECLINE_REASONS = {
    "contraindicated": _("Contraindicated"),
    "interaction": _("Interaction with another medicine"),
    "not_indicated": _("Not indicated"),
    "pregnancy_prevention": _("Pregnancy prevention is not given"),
    "information_missing": _("Information is missing"),
    "patient_wish": _("The patient's wish"),
    "other": _("Other"),
}
RETURN_REASONS = {
    "dose": _("The dose"),
    "duration": _("The days of supply"),
    "product": _("The product or its lot"),
    "information_missing": _("Information is missing"),
    "other": _("Other"),
}
VOID_REASONS = {
    "prescribing_error": _("An error in the prescription"),
    "clinical_change": _("The patient's condition has changed"),
    "patient_wish": _("The patient's wish"),
    "other": _("Other"),
}
_ROWS = {"rows": 3}
_USUAL = Text(
    "診察と検査の結果から、今回はこのお薬を処方しないことにしました。"
    "理由と、これからの治療については、クリニックからご説明します。",
    "From your visit and your tests, your physician has decided not to prescribe this medicine "
    "this time. The clinic will explain why, and what can be done instead.",
)  # to be changed as the physician likes, so that nobody has to write one thing in two languages


class ApproveForm(forms.Form):
    """Nothing to say: the page and the rules say it all."""


class ReturnForm(forms.Form):
    """Back to whoever drafted it, for a change."""

    reason = forms.ChoiceField(label=_("What is to be changed"), choices=to_choose(RETURN_REASONS))
    note = forms.CharField(
        label=_("Note for the colleague"), max_length=2000, widget=forms.Textarea(attrs=_ROWS)
    )


class DeclineForm(forms.Form):
    """A coded reason, and words that the patient reads."""

    reason = forms.ChoiceField(label=_("Reason"), choices=to_choose(DECLINE_REASONS))
    patient_text_ja = forms.CharField(
        label=_("Words for the patient, in Japanese"),
        max_length=1000,
        widget=forms.Textarea(attrs={**_ROWS, "lang": "ja"}),
    )
    patient_text_en = forms.CharField(
        label=_("Words for the patient, in English"),
        max_length=1000,
        widget=forms.Textarea(attrs={**_ROWS, "lang": "en"}),
    )


class VoidForm(forms.Form):
    """Why what was issued is dispensed no more."""

    reason = forms.ChoiceField(label=_("Reason"), choices=to_choose(VOID_REASONS))


class SignOffForm(forms.Form):
    """One finding, one reason; which finding is told by its rule and its evidence."""

    rule = forms.CharField(widget=forms.HiddenInput, max_length=12)
    evidence = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    reason = forms.CharField(
        label=_("Why it may go on"), max_length=2000, widget=forms.Textarea(attrs=_ROWS)
    )

    def clean_evidence(self) -> dict[str, Any]:
        """The facts as the page held them. Raises ValidationError for what no page held."""
        found = _facts(self.cleaned_data["evidence"])
        if found is None:
            raise forms.ValidationError(_("The page has changed. Please open it again."))
        return found


FORMS: dict[str, type[forms.Form]] = {
    "approve": ApproveForm,
    "return": ReturnForm,
    "decline": DeclineForm,
    "void": VoidForm,
    "sign_off": SignOffForm,
}


def body_of(form: forms.Form) -> dict[str, Any]:
    """What is sent to the verb."""
    return dict(form.cleaned_data)


def unbound_forms(gates: Gates) -> dict[str, forms.Form]:
    """The forms of a page that was just opened; a decline begins with the words of the rules."""
    found: dict[str, forms.Form] = {
        "approve": ApproveForm(auto_id="approve_%s"),
        "return": ReturnForm(auto_id="return_%s"),
        "decline": DeclineForm(auto_id="decline_%s", initial=_words(gates)),
        "void": VoidForm(auto_id="void_%s"),
    }
    for gate in gates.to_sign:
        found[f"sign_off_{gate.number}"] = _sign_off(gate.number, gate.finding)
    return found


def _sign_off(number: int, finding: Finding) -> SignOffForm:
    initial = {"rule": finding.rule, "evidence": json.dumps(dict(finding.evidence))}
    return SignOffForm(auto_id=f"sign_off_{number}_%s", initial=initial)


def _words(gates: Gates) -> dict[str, str]:
    for gate in gates.standing:
        if gate.finding.patient_message is not None:
            said = gate.finding.patient_message
            return {"patient_text_ja": said.ja, "patient_text_en": said.en}
    return {"patient_text_ja": _USUAL.ja, "patient_text_en": _USUAL.en}


def same_finding(form: forms.Form, finding: Finding) -> bool:
    """Whether a sent form is about this finding."""
    facts = _facts(form.data.get("evidence", ""))
    return form.data.get("rule") == finding.rule and facts == dict(finding.evidence)


def _facts(text: str) -> dict[str, Any] | None:
    """The evidence in a hidden field; None for what is no JSON object."""
    try:
        return parse_object(text or "{}")
    except Invalid:
        return None
