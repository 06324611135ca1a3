"""The form of a prescription, and the planner's wish."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.portals.physician.words import PRIORITIES, ROUTES, to_choose


class PrescriptionForm(forms.Form):
    """What is prescribed (D-04, D-17, D-18). Choices are what the clinic holds."""

    visit = forms.ChoiceField(label=_("Rests on the visit of"))
    product = forms.ChoiceField(label=_("Product"))
    lot = forms.ChoiceField(label=_("Lot"))
    daily_mg = forms.IntegerField(label=_("Daily dose (mg)"), min_value=1, max_value=200)
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=30, initial=30)
    doses_per_day = forms.TypedChoiceField(
        label=_("Doses a day"), coerce=int, choices=[(1, "1"), (2, "2")]
    )
    route = forms.ChoiceField(label=_("Handed over by"), choices=list(ROUTES.items()))
    priority = forms.ChoiceField(label=_("Priority"), choices=list(PRIORITIES.items()))

    def __init__(
        self,
        *args: Any,
        visits: Iterable[tuple[str, str]],
        products: Iterable[tuple[str, str]],
        lots: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        """`visits`, `products`, `lots`: public id and name of each that can be chosen."""
        super().__init__(*args, **kwargs)
        for name, choices in (("visit", visits), ("product", products), ("lot", lots)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            held = dict(choices)
            field.choices = list(held.items()) if len(held) == 1 else to_choose(held)


class PlanForm(forms.Form):
    """Targets for the dose planner (D-01, D-08)."""

    target_daily_mg_per_kg = forms.DecimalField(
        label=_("Target a day (mg/kg)"),
        max_digits=4,
        decimal_places=3,
        min_value=Decimal("0.05"),
        max_value=Decimal(2),
        initial=Decimal("0.5"),
    )
    target_cumulative_mg_per_kg = forms.DecimalField(
        label=_("Target in all (mg/kg)"),
        max_digits=6,
        decimal_places=3,
        min_value=Decimal(1),
        max_value=Decimal(300),
        initial=Decimal(120),
    )
    days_per_supply = forms.IntegerField(
        label=_("Days of a supply"), min_value=7, max_value=30, initial=30
    )
