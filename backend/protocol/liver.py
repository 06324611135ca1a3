"""L-16 to L-18, L-20, L-21: liver, muscle, neutrophils. Read as multiples of the ULN."""

from fractions import Fraction

from backend.protocol.ask import Ask, rule
from backend.protocol.case import Lab
from backend.protocol.days import days_between
from backend.protocol.findings import Level
from backend.protocol.lipids import dose_against_last
from backend.protocol.results import (
    LIVER,
    LIVER_SIGNS,
    count_before,
    multiple,
    multiple_before,
    newest_day,
    newest_multiple,
    of_analyte,
    symptoms,
)


@rule("L-16", "PC")
def liver_raised(ask: Ask) -> None:
    """L-16: ALT or AST above 2, up to 3 x ULN -> hold; dose reduced while running -> warn. K M."""
    ask.listed("labs")
    change = dose_against_last(ask)
    lowest, highest = ask.pack_number("liver_hold_above"), ask.pack_number("liver_stop_above")
    reduced = change is not None and change < 1
    for analyte in LIVER:
        times = newest_multiple(ask, analyte)
        if times is not None and lowest < times <= highest:
            level = Level.WARN if reduced else Level.HOLD
            ask.say(level, analyte=analyte.upper(), times=times, **multiple_before(ask, analyte))


def _confirmed(ask: Ask, analyte: str) -> bool:
    """An earlier result of another day, at most 28 days before, is above 3 x ULN too."""
    results = of_analyte(ask.case.labs, analyte)
    newest_on = newest_day(results)[0].taken_on
    within = ask.pack_days("liver_confirmed_within")
    earlier = [lab for lab in results if 0 < days_between(lab.taken_on, newest_on) <= within]
    if any(lab.uln is None for lab in earlier):
        ask.miss("labs.uln")
    return any(_above(lab, ask) for lab in earlier)


def _above(lab: Lab, ask: Ask) -> bool:
    times = multiple(lab)
    return times is not None and times > ask.pack_number("liver_stop_above")


def _of_high_liver(ask: Ask, analyte: str) -> Level:
    if not _confirmed(ask, analyte):
        return Level.HOLD
    return Level.URGENT if LIVER_SIGNS & set(symptoms(ask)) else Level.STOP


@rule("L-17", "PC")
def liver_high(ask: Ask) -> None:
    """L-17: ALT or AST above 3 x ULN, confirmed -> stop, urgent with signs; else hold. K M."""
    ask.listed("labs")
    for analyte in LIVER:
        times = newest_multiple(ask, analyte)
        if times is None or times <= ask.pack_number("liver_stop_above"):
            continue
        level = _of_high_liver(ask, analyte)
        ask.say(level, analyte=analyte.upper(), times=times, **multiple_before(ask, analyte))


def _highest_liver(ask: Ask) -> Fraction | None:
    """The higher of ALT and AST as multiples of ULN."""
    found = [newest_multiple(ask, analyte) for analyte in LIVER]
    return max((times for times in found if times is not None), default=None)


@rule("L-18", "PC")
def liver_with_jaundice(ask: Ask) -> None:
    """L-18: ALT or AST above 1 x ULN with jaundice -> urgent, with bilirubin above 2 -> stop."""
    ask.listed("labs")
    times = _highest_liver(ask)
    bilirubin = newest_multiple(ask, "bilirubin")
    if times is None or times <= ask.pack_number("liver_raised_above"):
        return
    signs = LIVER_SIGNS & set(symptoms(ask))
    high = bilirubin is not None and bilirubin > ask.pack_number("bilirubin_stop_above")
    if "jaundice" in signs or (high and signs):
        ask.say(Level.URGENT, times=times, signs=signs)
    elif high:
        ask.say(Level.STOP, times=times)


@rule("L-20", "PC")
def muscle(ask: Ask) -> None:
    """L-20: CK above 5 x ULN -> hold; above 10, or with dark urine -> urgent. K M."""
    ask.listed("labs")
    times = newest_multiple(ask, "ck")
    if times is None or times <= ask.pack_number("ck_hold_above"):
        return
    dark = "dark_urine" in symptoms(ask)
    urgent = dark or times > ask.pack_number("ck_urgent_above")
    ask.say(Level.URGENT if urgent else Level.HOLD, times=times, **multiple_before(ask, "ck"))


@rule("L-21", "PC")
def neutrophils(ask: Ask) -> None:
    """L-21: absolute neutrophil count below 1.0 x 10^9/L -> stop. K L."""
    ask.listed("labs")
    day = newest_day(of_analyte(ask.case.labs, "anc"))
    lowest = min((lab.value for lab in day), default=None)
    if lowest is not None and lowest < ask.pack_number("neutrophils_stop_below"):
        ask.say(Level.STOP, value=lowest, **count_before(ask, "anc"))
