"""The form of a check-in and the answers that it makes: what is left out is unknown, never fine."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.kernel.text import Text
from backend.portals.patient.check_in_questions import (
    GRADES,
    ITEMS,
    SYMPTOMS,
    Asked,
    mood_questions,
)

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
PERHAPS = [*YES_NO, ("", _("Does not apply to me"))]
MOST_MISSED = 400
MORE = "more"  # doses missed than there are choices for: counted in `missed_count`
MISSED = [("0", _("None")), ("1", "1"), ("2", "2"), ("3", "3"), (MORE, _("4 or more"))]
_POINTERS = {  # of the API's body -> field of the form
    "red_flags": "flags",
    "symptoms": "flags",
    "phq2": "phq_1",
    "phq9": "phq_3",
    "item9": "phq_9",
    "adherence.with_food": "with_food",
    "adherence.missed_doses": "missed_doses",
    "adherence.contraception_kept": "contraception_kept",
}


class CheckInForm(forms.Form):
    """One screen. `asked` says what applies; `language` which words the questionnaire speaks."""

    flags = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    symptoms = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    nothing = forms.BooleanField(required=False)
    rest_none = forms.BooleanField(required=False)
    with_food = forms.ChoiceField(choices=YES_NO, required=False, widget=forms.RadioSelect)
    missed_doses = forms.ChoiceField(choices=MISSED, required=False, widget=forms.RadioSelect)
    missed_count = forms.IntegerField(required=False, min_value=1, max_value=MOST_MISSED)
    contraception_kept = forms.ChoiceField(choices=YES_NO, required=False, widget=forms.RadioSelect)
    last_period_on = forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    wants_blood_donation = forms.ChoiceField(
        choices=YES_NO, required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, asked: Asked, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.fields["flags"].choices = list(asked.flags.items())  # type: ignore[attr-defined]
        self.fields["symptoms"].choices = list(SYMPTOMS.items())  # type: ignore[attr-defined]
        for code, words in ITEMS.items():
            self.fields[f"item_{code}"] = _graded(str(words), list(GRADES.items()))
        for question in mood_questions():
            options = [(i, _in(text, language)) for i, text in enumerate(question.options)]
            self.fields[f"phq_{question.number}"] = _graded(_in(question.text, language), options)
        if asked.can_become_pregnant is None:
            self.fields["contraception_kept"].choices = PERHAPS  # type: ignore[attr-defined]

    @property
    def asks(self) -> str:
        """The questions that need an answer, for counting them: names, one of `a,b` is enough."""
        if self.asked.is_unasked:
            return ""
        taking = ("with_food", "missed_doses", "wants_blood_donation")
        told = self.asked.contraception and self.asked.can_become_pregnant
        names = (
            "flags,symptoms,nothing",
            "rest_none",
            "phq_1",
            "phq_2",
            *(taking if self.asked.is_running else ()),
            *(("contraception_kept",) if told else ()),
        )
        return " ".join(names)

    @property
    def items(self) -> list[forms.BoundField]:
        """The twelve graded items."""
        return [self[f"item_{code}"] for code in ITEMS]

    @property
    def mood(self) -> list[forms.BoundField]:
        """The two questions on mood that everybody is asked."""
        return [self[f"phq_{number}"] for number in (1, 2)]

    @property
    def more_mood(self) -> list[forms.BoundField]:
        """The seven that follow when the two weigh enough."""
        return [self[f"phq_{number}"] for number in range(3, 10)]

    @property
    def needs_more_mood(self) -> bool:
        """Whether the seven have to be asked: they are there without any script then."""
        return self.is_bound and (self._phq(1, 2) or 0) >= self.asked.phq9_from

    def clean(self) -> dict[str, Any]:
        """Every question that applies has an answer, and the flags do not contradict themselves."""
        said = super().clean() or {}
        self._check_flags(said)
        if not self.asked.is_unasked:
            self._check_items(said)
            self._check_mood(said)
            self._check_adherence(said)
        return said

    def clean_last_period_on(self) -> date | None:
        """A day that has come. Raises ValidationError."""
        day: date | None = self.cleaned_data["last_period_on"]
        if day is not None and day > self.asked.today:
            raise forms.ValidationError(_("That day is still to come. Please check it."))
        return day

    def _check_flags(self, said: dict[str, Any]) -> None:
        some = bool(said.get("flags") or said.get("symptoms"))
        if some and said.get("nothing"):
            self.add_error("nothing", _("You chose symptoms and also none of them."))
        elif not some and not said.get("nothing"):
            self.add_error("nothing", _("Choose what applies, or that none of them does."))

    def _check_items(self, said: dict[str, Any]) -> None:
        is_open = any(said.get(f"item_{code}") is None for code in ITEMS)
        if is_open and not said.get("rest_none"):
            self.add_error("rest_none", _("Choose this too, or answer each one above."))

    def _check_mood(self, said: dict[str, Any]) -> None:
        numbers = [1, 2, *(range(3, 10) if self.needs_more_mood else ())]
        for number in numbers:
            if said.get(f"phq_{number}") is None:
                self.add_error(f"phq_{number}", _("Please choose one."))

    def _check_adherence(self, said: dict[str, Any]) -> None:
        if self.asked.is_running:
            for name in ("with_food", "missed_doses", "wants_blood_donation"):
                if said.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, _("Please answer this too."))
            is_many = said.get("missed_doses") == MORE and "missed_count" not in self.errors
            if is_many and not said.get("missed_count"):
                self.add_error("missed_doses", _("Please write how many."))
        applies = self.asked.contraception and self.asked.can_become_pregnant
        if applies and not said.get("contraception_kept"):
            self.add_error("contraception_kept", _("Please choose one."))

    def answers(self) -> dict[str, Any]:
        """The body of the verb, of a valid form."""
        said = self.cleaned_data
        period = said["last_period_on"]
        found: dict[str, Any] = {
            "red_flags": said["flags"],
            "symptoms": said["symptoms"],
            "items": self._graded_items(),
            **self._scores(),
            "adherence": self._adherence(),
            "last_period_on": period.isoformat() if period else None,
            "wants_blood_donation": _flag(said["wants_blood_donation"]),
        }
        return {name: value for name, value in found.items() if value not in (None, {})}

    def cannot_wait(self) -> dict[str, Any] | None:
        """The body of a report of what cannot wait for the rest of the answers; None if nothing.

        That is a red flag, or thoughts of self-harm; the twelve flags have an answer, as the verb
        takes what is not named for a no.
        """
        said = self.cleaned_data
        flags, self_harm = said.get("flags") or [], said.get("phq_9") or 0
        if "nothing" in self.errors or not (flags or self_harm):
            return None
        found = {"red_flags": flags, "symptoms": said.get("symptoms"), "item9": self_harm}
        return {name: value for name, value in found.items() if value or name == "red_flags"}

    def say(self, errors: dict[str, list[str]]) -> None:
        """Put what the verb found beside the fields."""
        for pointer, said in errors.items():
            name = _POINTERS.get(pointer, pointer)
            if pointer.startswith("items."):
                name = pointer.replace("items.", "item_")
            for one in said:
                self.add_error(name if name in self.fields else None, one)

    def _graded_items(self) -> dict[str, int] | None:
        said = {code: self.cleaned_data.get(f"item_{code}") for code in ITEMS}
        if self.cleaned_data["rest_none"]:
            return {code: grade or 0 for code, grade in said.items()}
        known = {code: grade for code, grade in said.items() if grade is not None}
        return known if len(known) == len(said) else None

    def _phq(self, *numbers: int) -> int | None:
        """The sum of these questions; None unless each was answered."""
        said = [self.cleaned_data.get(f"phq_{number}") for number in numbers]
        return None if None in said else sum(int(points or 0) for points in said)

    def _scores(self) -> dict[str, int | None]:
        """PHQ-2; PHQ-9 where all nine were answered; item 9 whenever it was."""
        return {"phq2": self._phq(1, 2), "phq9": self._phq(*range(1, 10)), "item9": self._phq(9)}

    def _adherence(self) -> dict[str, Any]:
        said = self.cleaned_data
        found = {
            "with_food": _flag(said["with_food"]),
            "missed_doses": self._missed(),
            "contraception_kept": _flag(said["contraception_kept"]),
        }
        return {name: value for name, value in found.items() if value is not None}

    def _missed(self) -> int | None:
        said = self.cleaned_data["missed_doses"]
        return self.cleaned_data["missed_count"] if said == MORE else int(said) if said else None


def _graded(label: str, options: list[tuple[int, Any]]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=options,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


def _in(text: Text, language: str) -> str:
    return text.in_language("en" if language == "en" else "ja")


def _flag(said: str) -> bool | None:
    return {"yes": True, "no": False}.get(said)
