"""L-10 to L-14, L-19: triglycerides and cholesterol."""

from fractions import Fraction

from backend.protocol.ask import Ask, rule
from backend.protocol.exact import ratio
from backend.protocol.findings import Level
from backend.protocol.results import (
    lipid_before,
    newest_cholesterol,
    newest_triglycerides,
    reported_mmol,
    symptoms,
)

FROM_NOTHING = Fraction(2)  # an increase, and no reduction, as a ratio: above 1


def _triglycerides(ask: Ask) -> Fraction | None:
    """The newest triglycerides in mg/dL; needs `labs`."""
    return newest_triglycerides(ask.pack, ask.listed("labs"))


def _at_stop(ask: Ask, found: Fraction) -> bool:
    """800 mg/dL or more, or reported as 9.0 mmol/L or more (L-13)."""
    mmol = reported_mmol(ask.case.labs)
    in_mmol = mmol is not None and mmol >= ask.pack_number("triglycerides_stop_from_mmol")
    return found >= ask.pack_number("triglycerides_stop_from") or in_mmol


def dose_against_last(ask: Ask) -> Fraction | None:
    """While running, the daily mg over the last daily mg; needs the last at prescribe.

    After a pause (a last dose of 0 mg) any dose is an increase.
    """
    if not ask.at("prescribe") or not ask.running():
        return None
    last_mg = ask.number("course.last_daily_mg")
    daily_mg = ask.case.prescription.daily_mg
    if last_mg is None or daily_mg is None:
        return None
    return ratio(daily_mg, last_mg) if last_mg else FROM_NOTHING


@rule("L-10", "PC")
def triglycerides_diet(ask: Ask) -> None:
    """L-10: triglycerides from 150, below 300 mg/dL -> counsel, diet. CTCAE v5."""
    found = _triglycerides(ask)
    lowest, below = (
        ask.pack_number("triglycerides_counsel_from"),
        ask.pack_number("triglycerides_warn_from"),
    )
    if found is not None and lowest <= found < below:
        ask.say(Level.COUNSEL, mg_per_dl=found, **lipid_before(ask, "triglycerides"))


@rule("L-11", "PC")
def triglycerides_repeat(ask: Ask) -> None:
    """L-11: from 300, below 500 mg/dL -> warn, repeat; dose increase while running -> hold. K M."""
    found = _triglycerides(ask)
    change = dose_against_last(ask)
    lowest, below = (
        ask.pack_number("triglycerides_warn_from"),
        ask.pack_number("triglycerides_hold_from"),
    )
    if found is None or not lowest <= found < below:
        return
    increased = change is not None and change > 1
    level = Level.HOLD if increased else Level.WARN
    ask.say(level, mg_per_dl=found, **lipid_before(ask, "triglycerides"))


@rule("L-12", "PC")
def triglycerides_hold(ask: Ask) -> None:
    """L-12: from 500, below 800 mg/dL -> hold, repeat in 2 weeks; halved dose -> senior."""
    status = ask.status()
    found = _triglycerides(ask)
    change = dose_against_last(ask)
    if status == "not_started" or (status == "ended" and ask.at("prescribe")):
        return
    if found is None or found < ask.pack_number("triglycerides_hold_from") or _at_stop(ask, found):
        return
    halved = change is not None and change <= ask.pack_number("halved_dose")
    level = Level.SENIOR if halved else Level.HOLD
    ask.say(level, mg_per_dl=found, **lipid_before(ask, "triglycerides"))


@rule("L-13", "PC")
def triglycerides_stop(ask: Ask) -> None:
    """L-13: 800 mg/dL or 9.0 mmol/L -> stop; urgent with abdominal pain. SmPC 4.4."""
    found = _triglycerides(ask)
    if found is None or not _at_stop(ask, found):
        return
    pain = "abdominal_pain" in symptoms(ask)
    flagged = "pancreatitis" in (ask.case.checkin.red_flags or ())
    level = Level.URGENT if pain or flagged else Level.STOP
    ask.say(level, mg_per_dl=found, **lipid_before(ask, "triglycerides"))


@rule("L-14", "PC")
def triglycerides_urgent(ask: Ask) -> None:
    """L-14: 1000 mg/dL or more -> urgent, same-day call. CTCAE grade 4."""
    found = _triglycerides(ask)
    if found is not None and found >= ask.pack_number("triglycerides_urgent_from"):
        ask.say(Level.URGENT, mg_per_dl=found, **lipid_before(ask, "triglycerides"))


@rule("L-19", "PC")
def cholesterol(ask: Ask) -> None:
    """L-19: total cholesterol of 300 mg/dL or more -> warn, recheck. CTCAE grade 2."""
    found = newest_cholesterol(ask.pack, ask.listed("labs"))
    if found is not None and found >= ask.pack_number("cholesterol_warn_from"):
        ask.say(Level.WARN, mg_per_dl=found, **lipid_before(ask, "total_cholesterol"))
