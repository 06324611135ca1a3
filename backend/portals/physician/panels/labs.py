"""Laboratory results over time, one small chart an analyte, with the pack's thresholds."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.portals.shell.charts import Chart, Series, Threshold
from backend.protocol.case import Lab
from backend.protocol.pack import Pack

NAMES = {
    "triglycerides": gettext_lazy("Triglycerides"),
    "total_cholesterol": gettext_lazy("Total cholesterol"),
    "alt": gettext_lazy("ALT"),
    "ast": gettext_lazy("AST"),
    "ck": gettext_lazy("CK"),
    "bilirubin": gettext_lazy("Bilirubin"),
    "anc": gettext_lazy("Neutrophils"),
}
_PER_MMOL = {
    "triglycerides": "triglycerides_per_mmol",
    "total_cholesterol": "cholesterol_per_mmol",
}
# Numbers of the pack: absolute ones, and multiples of the laboratory's upper limit of normal.
_ABSOLUTE = {
    "triglycerides": (("triglycerides_hold_from", "hold"), ("triglycerides_stop_from", "stop")),
    "total_cholesterol": (("cholesterol_warn_from", "hold"),),
    "anc": (("neutrophils_stop_below", "stop"),),
}
_OF_LIMIT = {
    "alt": (("liver_hold_above", "hold"), ("liver_stop_above", "stop")),
    "ast": (("liver_hold_above", "hold"), ("liver_stop_above", "stop")),
    "bilirubin": (("bilirubin_stop_above", "stop"),),
    "ck": (("ck_hold_above", "hold"), ("ck_urgent_above", "stop")),
}


@dataclass(frozen=True, slots=True)
class _Point:
    lab: Lab
    value: Decimal


def lab_charts(labs: Iterable[Lab] | None, pack: Pack) -> list[Chart]:
    """A chart for each analyte that was measured; lipids in mg/dL, whatever was reported.

    `labs`: those of a Case. Thresholds: L-12, L-13, L-16 to L-21 of the pack in force.
    """
    rows = sorted(labs or (), key=lambda lab: lab.taken_on)
    found = []
    for analyte, name in NAMES.items():
        points = [_Point(lab, _in_mg_dl(lab, pack)) for lab in rows if lab.analyte == analyte]
        if points:
            found.append(_chart(analyte, str(name), points, pack))
    return found


def _in_mg_dl(lab: Lab, pack: Pack) -> Decimal:
    factor = _PER_MMOL.get(lab.analyte)
    if lab.unit == "mmol/L" and factor is not None:
        return lab.value * pack.number(factor)
    return lab.value


def _chart(analyte: str, name: str, points: list[_Point], pack: Pack) -> Chart:
    newest = points[-1]
    unit = "mg/dL" if analyte in _PER_MMOL else newest.lab.unit
    label = _("%(name)s: newest value %(value)s %(unit)s") % {
        "name": name,
        "value": f"{newest.value:.4g}",
        "unit": unit,
    }
    values = [point.value for point in points]
    return Chart(
        name=f"lab-{analyte}",
        label=label,
        x_label=_("Day of the sample"),
        x=[point.lab.taken_on for point in points],
        unit=unit,
        series=[Series(name, list(values), "info")],
        thresholds=_thresholds(analyte, newest.lab, pack),
    )


def _thresholds(analyte: str, newest: Lab, pack: Pack) -> list[Threshold]:
    words = {"hold": _("On hold"), "stop": _("Stop")}
    absolute = [
        Threshold(words[tone], pack.number(number), tone)
        for number, tone in _ABSOLUTE.get(analyte, ())
    ]
    if newest.uln is None:
        return absolute
    limits = [
        Threshold(words[tone], pack.number(number) * newest.uln, tone)
        for number, tone in _OF_LIMIT.get(analyte, ())
    ]
    return [Threshold(_("Upper limit of normal"), newest.uln, "clear"), *absolute, *limits]
