"""C- rules on the person: age, allergies, conditions, breastfeeding."""

from collections.abc import Iterable

from backend.protocol.ask import Ask, rule
from backend.protocol.days import add_days, age
from backend.protocol.findings import Level
from backend.protocol.mood import newest_phq
from backend.protocol.vocabulary import (
    DRUG_ALLERGIES,
    METABOLIC_RISKS,
    MOOD_HISTORY,
    SOYA_ALLERGIES,
)


def _history(ask: Ask, level: Level, codes: Iterable[str]) -> None:
    """Answer if any of these conditions is known, past or present."""
    if found := ask.any_of("patient.conditions", codes):
        ask.say(level, conditions=found)


@rule("C-02", "IP")
def declines_programme(ask: Ask) -> None:
    """C-02: can, and declines or cannot follow the prevention programme -> block. F14."""
    if ask.can and ask.flag("contraception.declined"):
        ask.say(Level.BLOCK, because=["contraception.declined"])


@rule("C-03", "IPDC")
def breastfeeding(ask: Ask) -> None:
    """C-03: breastfeeding -> block; at a check-in stop, or hold until the release day. F14, F43."""
    if ask.male:
        return
    feeds = ask.flag("patient.breastfeeding")
    if not ask.at("checkin"):
        if feeds:
            ask.say(Level.BLOCK, because=["patient.breastfeeding"])
        return
    status = ask.status()
    if not feeds:
        return
    if status == "running":
        ask.say(Level.STOP, because=["patient.breastfeeding", "course.status"])
    if status == "ended":
        _after_course(ask)


def _after_course(ask: Ask) -> None:
    """Hold before the release day: M(last dose); US 8 days after it."""
    ended_on = ask.day("course.ended_on")
    if ended_on is None:
        return
    release_on = ask.month_after(ended_on)
    if ask.programme == "us":
        release_on = add_days(ended_on, ask.pack_days("breastfeeding_release"))
    if ask.today < release_on:
        ask.say(Level.HOLD, ended_on=ended_on, release_on=release_on)


@rule("C-04", "IP")
def too_young(ask: Ask) -> None:
    """C-04: under 12 years -> block. PI, SmPC 4.2."""
    birth_on = ask.day("patient.birth_on")
    if birth_on is None:
        return
    years = age(birth_on, ask.today)
    if years < ask.pack_number("minimum_age"):
        ask.say(Level.BLOCK, years=years, minimum=ask.pack_number("minimum_age"))


@rule("C-05", "IP")
def minors(ask: Ask) -> None:
    """C-05: 12 to 17 years; guardian and second prescriber by pack. F10, F43."""
    birth_on = ask.day("patient.birth_on")
    if birth_on is None:
        return
    years = age(birth_on, ask.today)
    if not ask.pack_number("minimum_age") <= years < ask.pack_number("adult_age"):
        return
    switch = ask.pack.choice("minors")
    if switch == "second_prescriber":
        ask.say(Level.SENIOR, "second_prescriber", years=years)
    if not switch.startswith("guardian"):
        return
    consent = ask.flag("patient.guardian_consent")
    because = ["patient.guardian_consent"]
    if consent is False:
        ask.say(Level.HOLD, because=because, years=years)
    if consent and switch == "guardian_and_senior":
        ask.say(Level.SENIOR, because=because, years=years)


@rule("C-06", "IP")
def hypersensitivity(ask: Ask) -> None:
    """C-06: hypersensitivity to the drug or an excipient -> block. F14."""
    if found := ask.any_of("patient.allergies", DRUG_ALLERGIES):
        ask.say(Level.BLOCK, allergies=found)


@rule("C-07", "IPD")
def soya(ask: Ask) -> None:
    """C-07: soya or peanut allergy and a product with soya oil -> by pack. F14."""
    found = ask.any_of("patient.allergies", SOYA_ALLERGIES)
    if not found:
        return
    if ask.at("intake"):
        ask.say(Level.WARN, allergies=found)
    elif ask.flag("prescription.soya_oil"):
        because = ["prescription.soya_oil"]
        ask.say(ask.pack.level("C-07"), "product", because, allergies=found)


@rule("C-08", "IP")
def hepatic_insufficiency(ask: Ask) -> None:
    """C-08: hepatic insufficiency -> by pack. F14."""
    _history(ask, ask.pack.level("C-08"), {"hepatic_insufficiency"})


@rule("C-18", "IP")
def mood_history(ask: Ask) -> None:
    """C-18: depression, psychosis, suicidality (own, family) or PHQ-9 10 -> senior. F12, F43."""
    own = ask.any_of("patient.conditions", MOOD_HISTORY)
    family = ask.any_of("patient.family_history", MOOD_HISTORY)
    if own or family:
        ask.say(Level.SENIOR, conditions=own, family=family)
    entry = newest_phq(ask.case.phq)
    if entry and entry.phq9 is not None and entry.phq9 >= ask.pack_days("phq9_senior_from"):
        ask.say(Level.SENIOR, "phq9", score=entry.phq9, on=entry.on)


@rule("C-20", "IP")
def bowel_and_pancreas(ask: Ask) -> None:
    """C-20: inflammatory bowel disease or pancreatitis in the history -> senior. PI warnings."""
    _history(ask, Level.SENIOR, {"ibd", "pancreatitis"})


@rule("C-21", "IP")
def metabolic_risks(ask: Ask) -> None:
    """C-21: diabetes, obesity, alcohol excess, lipid disorder -> warn, results monthly (L-05)."""
    _history(ask, Level.WARN, METABOLIC_RISKS)


@rule("C-26", "IP")
def activities(ask: Ask) -> None:
    """C-26: pilots, night drivers, contact lens wearers -> warn. K M."""
    if found := ask.listed("patient.activities"):
        ask.say(Level.WARN, activities=found)


@rule("C-27", "IP")
def intracranial_hypertension(ask: Ask) -> None:
    """C-27: prior benign intracranial hypertension -> senior. DESIGN."""
    _history(ask, Level.SENIOR, {"intracranial_hypertension"})


@rule("C-28", "IP")
def growth(ask: Ask) -> None:
    """C-28: under 18 and still growing -> senior. F15."""
    birth_on = ask.day("patient.birth_on")
    if birth_on is None or age(birth_on, ask.today) >= ask.pack_number("adult_age"):
        return
    if ask.flag("patient.growth_finished") is False:
        ask.say(Level.SENIOR, because=["patient.birth_on", "patient.growth_finished"])
