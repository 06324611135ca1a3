"""Reading laboratory results: the newest of an analyte, in one unit or as a multiple of its ULN."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from backend.protocol.ask import Ask
from backend.protocol.case import Lab
from backend.protocol.exact import exact, product, ratio
from backend.protocol.pack import Pack

LIVER = ("alt", "ast")
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


def _newest_lipid(labs: Sequence[Lab] | None, analyte: str, per_mmol: Decimal) -> list[Fraction]:
    return [in_mg_per_dl(lab, per_mmol) for lab in newest_day(of_analyte(labs, analyte))]


def newest_triglycerides(pack: Pack, labs: Sequence[Lab] | None) -> Fraction | None:
    """The newest triglycerides in mg/dL; two on one day: the higher."""
    per_mmol = pack.number("triglycerides_per_mmol")
    return max(_newest_lipid(labs, "triglycerides", per_mmol), default=None)


def newest_cholesterol(pack: Pack, labs: Sequence[Lab] | None) -> Fraction | None:
    """The newest total cholesterol in mg/dL; two on one day: the higher."""
    per_mmol = pack.number("cholesterol_per_mmol")
    return max(_newest_lipid(labs, "total_cholesterol", per_mmol), default=None)


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
