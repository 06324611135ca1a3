"""C-10 to C-17: what else the patient takes (C-15 on contraception: `contraception.py`)."""

from collections.abc import Iterable

from backend.protocol.ask import Ask, rule
from backend.protocol.case import Medicine
from backend.protocol.days import days_between
from backend.protocol.findings import Level
from backend.protocol.vocabulary import (
    BONE_MEDICINES,
    ENZYME_INDUCERS,
    OTHER_RETINOIDS,
    SKIN_IRRITANTS,
    TETRACYCLINES,
)


def _is_taken(ask: Ask, medicine: Medicine) -> bool:
    """No stop date, or one after today."""
    return medicine.stopped_on is None or medicine.stopped_on > ask.today


def still_taken(ask: Ask, codes: Iterable[str]) -> tuple[str, ...]:
    """Which of these medicines are still taken; `patient.medicines` is needed."""
    medicines: Iterable[Medicine] | None = ask.listed("patient.medicines")
    if not medicines:
        return ()
    known = set(codes)
    return tuple(sorted({m.code for m in medicines if m.code in known and _is_taken(ask, m)}))


def stopped_within(ask: Ask, codes: Iterable[str], days: int) -> tuple[str, ...]:
    """Which of these medicines were stopped less than so many days ago."""
    known = set(codes)
    found = set()
    for medicine in ask.case.patient.medicines or ():
        if medicine.code not in known or medicine.stopped_on is None:
            continue
        if 0 <= days_between(medicine.stopped_on, ask.today) < days:
            found.add(medicine.code)
    return tuple(sorted(found))


def inducers(ask: Ask) -> tuple[str, ...]:
    """Enzyme inducers still taken or stopped less than 28 days ago (C-15)."""
    taken = still_taken(ask, ENZYME_INDUCERS)
    recent = stopped_within(ask, ENZYME_INDUCERS, ask.pack_days("inducer_washout"))
    return tuple(sorted({*taken, *recent}))


@rule("C-10", "IP")
def vitamin_a(ask: Ask) -> None:
    """C-10: vitamin A still taken -> hold; hypervitaminosis A -> by pack. F14, F27."""
    if taken := still_taken(ask, {"vitamin_a"}):
        ask.say(Level.HOLD, medicines=taken)
    if found := ask.any_of("patient.conditions", {"hypervitaminosis_a"}):
        ask.say(ask.pack.level("C-10"), "hypervitaminosis", conditions=found)


@rule("C-11", "IP")
def tetracyclines(ask: Ask) -> None:
    """C-11: tetracycline still taken -> by pack; stopped less than 7 days ago -> hold. F14."""
    taken = still_taken(ask, TETRACYCLINES)
    if taken:
        ask.say(ask.pack.level("C-11"), "taken", medicines=taken)
        return
    days = ask.pack_days("tetracycline_washout")
    if recent := stopped_within(ask, TETRACYCLINES, days):
        ask.say(Level.HOLD, "washout", medicines=recent, days=days)


@rule("C-12", "IP")
def other_retinoids(ask: Ask) -> None:
    """C-12: acitretin, alitretinoin, bexarotene still taken -> block. K M."""
    if taken := still_taken(ask, OTHER_RETINOIDS):
        ask.say(Level.BLOCK, medicines=taken)


@rule("C-13", "IP")
def methotrexate(ask: Ask) -> None:
    """C-13: methotrexate still taken -> senior. F43; BNF."""
    if taken := still_taken(ask, {"methotrexate"}):
        ask.say(Level.SENIOR, medicines=taken)


@rule("C-14", "IP")
def bone_medicines(ask: Ask) -> None:
    """C-14: systemic steroid or phenytoin still taken -> warn (bone loss). F27; PI."""
    if taken := still_taken(ask, BONE_MEDICINES):
        ask.say(Level.WARN, medicines=taken)


@rule("C-16", "IP")
def warfarin(ask: Ask) -> None:
    """C-16: warfarin still taken -> warn, check the INR. K L."""
    if taken := still_taken(ask, {"warfarin"}):
        ask.say(Level.WARN, medicines=taken)


@rule("C-17", "IP")
def irritants(ask: Ask) -> None:
    """C-17: topical keratolytics or retinoids still taken, alcohol excess -> counsel. SmPC."""
    if taken := still_taken(ask, SKIN_IRRITANTS):
        ask.say(Level.COUNSEL, "topical", medicines=taken)
    if found := ask.any_of("patient.conditions", {"alcohol_excess"}):
        ask.say(Level.COUNSEL, "alcohol", conditions=found)
