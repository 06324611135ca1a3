"""The profile of a new patient as a form: what is asked, and how a phone lets one type it."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from backend.portals.shell.acting import Reply

ZONES = (
    ("Asia/Tokyo", _("Japan (Tokyo)")),
    ("Asia/Seoul", _("Korea (Seoul)")),
    ("Asia/Shanghai", _("China (Shanghai)")),
    ("Asia/Taipei", _("Taiwan (Taipei)")),
    ("Asia/Hong_Kong", _("Hong Kong")),
    ("Asia/Manila", _("Philippines (Manila)")),
    ("Asia/Singapore", _("Singapore")),
    ("Asia/Bangkok", _("Thailand (Bangkok)")),
    ("Asia/Ho_Chi_Minh", _("Vietnam (Ho Chi Minh City)")),
    ("Asia/Jakarta", _("Indonesia (Jakarta)")),
    ("Asia/Kolkata", _("India (Kolkata)")),
    ("Asia/Dubai", _("United Arab Emirates (Dubai)")),
    ("Australia/Sydney", _("Australia (Sydney)")),
    ("Australia/Perth", _("Australia (Perth)")),
    ("Pacific/Auckland", _("New Zealand (Auckland)")),
    ("Pacific/Guam", _("Guam")),
    ("Pacific/Honolulu", _("Hawaii (Honolulu)")),
    ("America/Los_Angeles", _("United States (Los Angeles)")),
    ("America/Denver", _("United States (Denver)")),
    ("America/Chicago", _("United States (Chicago)")),
    ("America/New_York", _("United States (New York)")),
    ("America/Vancouver", _("Canada (Vancouver)")),
    ("America/Toronto", _("Canada (Toronto)")),
    ("America/Mexico_City", _("Mexico (Mexico City)")),
    ("America/Sao_Paulo", _("Brazil (São Paulo)")),
    ("Europe/London", _("United Kingdom (London)")),
    ("Europe/Paris", _("France (Paris)")),
    ("Europe/Berlin", _("Germany (Berlin)")),
    ("Europe/Rome", _("Italy (Rome)")),
    ("Europe/Madrid", _("Spain (Madrid)")),
    ("UTC", _("Universal time (UTC)")),
)
LANGUAGES = (
    ("ja", mark_safe('<span lang="ja">日本語</span>')),
    ("en", mark_safe('<span lang="en">English</span>')),
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー－", "-") | dict.fromkeys(" 　()（）"))


class BirthWidget(forms.MultiWidget):
    """Year, month and day, typed: nobody scrolls a calendar back by twenty years."""

    template_name = "patient/welcome_birth.html"
    use_fieldset = True

    def __init__(self) -> None:
        digits = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {
                "year": forms.TextInput({**digits, "maxlength": 4, "autocomplete": "bday-year"}),
                "month": forms.TextInput({**digits, "maxlength": 2, "autocomplete": "bday-month"}),
                "day": forms.TextInput({**digits, "maxlength": 2, "autocomplete": "bday-day"}),
            }
        )

    def decompress(self, value: date | None) -> list[Any]:
        """The three parts of a date."""
        return [value.year, value.month, value.day] if value else [None, None, None]


class BirthField(forms.MultiValueField):
    """A civil date from three numbers; full-width digits are read as well."""

    def __init__(self, **options: Any) -> None:
        fields = [forms.CharField() for _part in range(3)]
        super().__init__(fields, widget=BirthWidget(), require_all_fields=True, **options)

    def compress(self, parts: list[str]) -> date | None:
        """The date. Raises ValidationError for a day that no calendar has."""
        if not parts:
            return None
        try:
            year, month, day = (int(unicodedata.normalize("NFKC", part)) for part in parts)
            born = date(year, month, day)
        except (ValueError, OverflowError):  # the second: a year that no computer counts to
            raise forms.ValidationError(_("There is no such day. Please check it.")) from None
        if not 1900 <= born.year <= 2100:
            raise forms.ValidationError(_("Write the year with four digits, such as 2001."))
        return born


class ProfileForm(forms.Form):
    """What the clinic must know of a person before anybody can be treated."""

    clinic = forms.ChoiceField(label=_("Clinic"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As it stands on your identity document."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    name_kana = forms.CharField(
        label=_("Reading of the name"),
        max_length=120,
        help_text=_("In katakana if it has one; Latin letters are fine, too."),
    )
    birth_on = BirthField(label=_("Date of birth"))
    telephone = forms.CharField(
        label=_("Telephone (optional)"),
        max_length=24,
        required=False,
        help_text=_("The clinic calls you there if your answers need a quick reply."),
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(
        label=_("Language of letters to you"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    zone = forms.ChoiceField(
        label=_("Where you live"),
        choices=ZONES,
        help_text=_("Dates and times are shown as they are there."),
    )
    test_clock = forms.ChoiceField(
        label=_("Clock (sandbox)"),
        required=False,
        widget=forms.Select({"translate": "no"}),
        help_text=_("On a test clock you can move time on and see what happens. It is for good."),
    )

    def __init__(
        self,
        clinics: Iterable[tuple[str, str]],
        clocks: Iterable[tuple[str, str]],
        data: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        clinics, clocks = list(clinics), list(clocks)
        chosen: Any = self.fields["clinic"]
        chosen.choices = clinics
        if len(clinics) == 1:
            chosen.initial, chosen.widget = clinics[0][0], forms.HiddenInput()
        if clocks:
            clock: Any = self.fields["test_clock"]
            clock.choices = [("", _("The real time")), *clocks]
        else:
            del self.fields["test_clock"]
        for field in self.fields.values():
            field.error_messages["required"] = _("Please fill this in.")

    def clean_telephone(self) -> str:
        """Digits and hyphens, from whatever a Japanese keyboard makes of them."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["telephone"].translate(_DASHES))
        return typed.translate(_DASHES)

    def body(self) -> dict[str, Any]:
        """What POST /v1/patients takes."""
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return {**asked, "birth_on": self.cleaned_data["birth_on"].isoformat()}

    def take(self, reply: Reply) -> None:
        """Put what the service refused beside its field; what it says of no field stays above."""
        if reply.code == "birth_in_future":
            self.add_error("birth_on", reply.title)
        for name, said in reply.errors.items():
            field = name.split(".")[0]
            if field in self.fields:
                self.add_error(field, said)
