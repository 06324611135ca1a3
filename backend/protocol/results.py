"""Reading laboratory results: the newest of an analyte, in one unit or as a multiple of its ULN.

Every finding on a result names the newest day but one as well: the trend, which no rule judges.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from backend.protocol.ask import Ask
from backend.protocol.case import Lab
from backend.protocol.exact import exact, product, ratio
from backend.protocol.pack import Pack

Evidence = Mapping[str, Any]
LIVER = ("alt", "ast")
PER_MMOL = {"triglycerides": "triglycerides_per_mmol", "total_cholesterol": "cholesterol_per_mmol"}
LIVER_SIGNS = frozenset({"jaundice", "dark_urine", "abdominal_pain"})  # symptomatic, L-17


def of_analyte(labs: Sequence[Lab] | None, analyte: str) -> list[Lab]:
    """All results of an analyte."""
    return [lab for lab in labs or () if lab.analyte == analyte]


def newest_day(labs: Sequence[Lab]) -> list[Lab]:
    """The results of the newest day among these."""
    if len(labs) < 2:
        return list(labs)
    last = max(lab.taken_on for lab in labs)
    return [lab for lab in labs if lab.taken_on == last]


def newest_taken_on(labs: Sequence[Lab] | None, analyte: str) -> date | None:
    """The day of the newest result of an analyte."""
    return max((lab.taken_on for lab in of_analyte(labs, analyte)), default=None)


def multiple(lab: Lab) -> Fraction | None:
    """The result as a multiple of the laboratory's upper limit, if that is known."""
    return None if lab.uln is None else ratio(lab.value, lab.uln)


def in_mg_per_dl(lab: Lab, per_mmol: Decimal) -> Fraction:
    """A lipid in mg/dL, converted from mmol/L and not rounded."""
    return product(lab.value, per_mmol) if lab.unit == "mmol/L" else exact(lab.value)


def _newest_lipid(pack: Pack, labs: Sequence[Lab] | None, analyte: str) -> Fraction | None:
    per_mmol = pack.number(PER_MMOL[analyte])
    day = newest_day(of_analyte(labs, analyte))
    return max((in_mg_per_dl(lab, per_mmol) for lab in day), default=None)


def newest_triglycerides(pack: Pack, labs: Sequence[Lab] | None) -> Fraction | None:
    """The newest triglycerides in mg/dL; two on one day: the higher."""
    return _newest_lipid(pack, labs, "triglycerides")


def newest_cholesterol(pack: Pack, labs: Sequence[Lab] | None) -> Fraction | None:
    """The newest total cholesterol in mg/dL; two on one day: the higher."""
    return _newest_lipid(pack, labs, "total_cholesterol")


def reported_mmol(labs: Sequence[Lab] | None) -> Fraction | None:
    """The newest triglycerides as reported in mmol/L, unconverted (L-13)."""
    day = newest_day(of_analyte(labs, "triglycerides"))
    return max((exact(lab.value) for lab in day if lab.unit == "mmol/L"), default=None)


def newest_multiple(ask: Ask, analyte: str) -> Fraction | None:
    """The newest result as a multiple of ULN; two on one day: the higher. Needs its `labs.uln`."""
    day = newest_day(of_analyte(ask.case.labs, analyte))
    multiples = [multiple(lab) for lab in day]
    if None in multiples:
        ask.miss("labs.uln")
    return max((found for found in multiples if found is not None), default=None)


def symptoms(ask: Ask) -> tuple[str, ...]:
    """Reported symptoms: needed at a check-in, read at prescribe if known (L-13, L-17 to L-20)."""
    if ask.at("checkin"):
        return ask.listed("checkin.symptoms") or ()
    return ask.case.checkin.symptoms or ()


# The trend: where a result comes from, for the physician to see beside it -----------------


def _day_before(ask: Ask, analyte: str) -> list[Lab]:
    """The results of the newest day but one."""
    labs = of_analyte(ask.case.labs, analyte)
    newest_on = max(lab.taken_on for lab in labs)
    return newest_day([lab for lab in labs if lab.taken_on < newest_on])


def lipid_before(ask: Ask, analyte: str) -> Evidence:
    """`before_mg_per_dl` and `before_on`; empty if there is no earlier result."""
    per_mmol = ask.pack.number(PER_MMOL[analyte])
    day = _day_before(ask, analyte)
    values = [in_mg_per_dl(lab, per_mmol) for lab in day]
    return {"before_mg_per_dl": max(values), "before_on": day[0].taken_on} if values else {}


def multiple_before(ask: Ask, analyte: str) -> Evidence:
    """`before_times` and `before_on`; empty without an earlier result that has its ULN."""
    day = _day_before(ask, analyte)
    values = [times for lab in day if (times := multiple(lab)) is not None]
    return {"before_times": max(values), "before_on": day[0].taken_on} if values else {}


def count_before(ask: Ask, analyte: str) -> Evidence:
    """`before_value` and `before_on`, the lower of two; empty if there is no earlier result."""
    day = _day_before(ask, analyte)
    values = [lab.value for lab in day]
    return {"before_value": min(values), "before_on": day[0].taken_on} if values else {}
