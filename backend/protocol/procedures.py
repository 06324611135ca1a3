"""C-22, C-24, C-25: operations on the eyes, procedures on the skin."""

from collections.abc import Iterable
from datetime import date

from backend.protocol.ask import Ask, rule
from backend.protocol.case import Procedure
from backend.protocol.days import last_day, months_after, months_before, whole_days
from backend.protocol.findings import Level
from backend.protocol.vocabulary import EYE_SURGERY, MILD_PROCEDURES, WOUNDING_PROCEDURES


def _of_kind(ask: Ask, kinds: Iterable[str]) -> list[Procedure]:
    """The listed procedures of these kinds, by date."""
    known = set(kinds)
    listed: Iterable[Procedure] = ask.listed("patient.procedures") or ()
    return sorted((p for p in listed if p.kind in known), key=lambda p: (p.on, p.kind))


def _dosing_until(ask: Ask) -> date:
    """The last dosing day that is asked about: today at intake, else the supply's last day."""
    if ask.at("intake"):
        return ask.today
    days = ask.number("prescription.days")
    return ask.today if days is None else max(ask.today, last_day(ask.today, whole_days(days)))


@rule("C-22", "IP")
def eye_surgery(ask: Ask) -> None:
    """C-22: no dosing within 6 months of refractive surgery, before or after. F20, S-08."""
    until = _dosing_until(ask)
    months = ask.pack_days("eye_surgery_distance")
    for operation in _of_kind(ask, EYE_SURGERY):
        first, last = months_before(operation.on, months), months_after(operation.on, months)
        if ask.today < last and until > first:
            ask.say(ask.pack.level("C-22"), "near", on=operation.on, from_on=last, months=months)
            return


def _window(ask: Ask) -> tuple[date, date] | None:
    """From which day, before which day a procedure counts; None if that cannot be told."""
    status = ask.case.course.status
    if status is None:
        return None
    if status == "not_started":
        return ask.today, date.max
    started_on = ask.day("course.started_on")
    ended_on = ask.day("course.ended_on") if status == "ended" else None
    if started_on is None or (status == "ended" and ended_on is None):
        return None
    if ended_on is None:
        return started_on, date.max
    return started_on, months_after(ended_on, ask.pack_days("procedure_distance"))


def _during_or_soon_after(ask: Ask, kinds: Iterable[str], level: Level) -> None:
    """Answer about the first procedure on or after the first dose day and before the release."""
    listed = _of_kind(ask, kinds)
    ask.status()
    window = _window(ask) if listed else None
    if window is None:
        return
    for procedure in listed:
        if window[0] <= procedure.on < window[1]:
            ask.say(level, "near", kind=procedure.kind, on=procedure.on)
            return


@rule("C-24", "IPC")
def wounding_procedures(ask: Ask) -> None:
    """C-24: waxing, dermabrasion, ablative laser during and 6 months after -> warn. F21; PI."""
    _during_or_soon_after(ask, WOUNDING_PROCEDURES, Level.WARN)


@rule("C-25", "IPC")
def mild_procedures(ask: Ask) -> None:
    """C-25: superficial peel, non-ablative, vascular, hair removal laser -> by pack. F21."""
    _during_or_soon_after(ask, MILD_PROCEDURES, ask.pack.level("C-25"))
