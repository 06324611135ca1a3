"""A fact of the record is chosen by the physician, never by the order of a list."""

import pytest
from django import forms

from backend.portals.physician.measuring import LabForm, PregnancyTestForm
from backend.portals.physician.planning import SecondCourseForm
from backend.portals.physician.prescribing import PrescriptionForm
from backend.portals.physician.views.visits import StartForm


def first_choice(field: forms.Field) -> object:
    assert isinstance(field, forms.ChoiceField)
    return next(iter(field.choices))[0]


@pytest.mark.parametrize(
    ("form", "fact"),
    [
        (PregnancyTestForm, "result"),
        (PregnancyTestForm, "setting"),
        (LabForm, "analyte"),
        (SecondCourseForm, "iga"),
        (StartForm, "kind"),
        (StartForm, "history"),
    ],
)
def test_a_fact_that_rules_ask_for_begins_empty_and_is_asked_for(form, fact):
    unsent, without = form(), form({})

    assert first_choice(unsent.fields[fact]) == ""
    assert fact in without.errors


@pytest.mark.parametrize("name", ["product", "lot"])
def test_of_several_medicines_and_lots_none_is_chosen(name):
    one, two = [("a", "A")], [("a", "A"), ("b", "B")]

    several = PrescriptionForm(visits=one, products=two, lots=two)
    single = PrescriptionForm(visits=one, products=one, lots=one)

    assert first_choice(several.fields[name]) == ""
    assert first_choice(single.fields[name]) == "a"
