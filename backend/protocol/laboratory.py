"""L-01, L-02, L-05: which results are due and how old they may be. C-09: lipids at baseline."""

from collections.abc import Sequence
from datetime import date

from backend.protocol.ask import Ask, rule
from backend.protocol.case import Lab
from backend.protocol.days import add_days, months_after, months_before
from backend.protocol.findings import Level
from backend.protocol.results import lipid_before, newest_taken_on, newest_triglycerides, of_analyte
from backend.protocol.vocabulary import METABOLIC_RISKS


def _results_from(ask: Ask, due_from: str, taken_from: str) -> date | None:
    """From which day results count: before the start, or in the phase that the pack names.

    `None` if the rule is not asked in this phase, or the phase is unknown.
    """
    status = ask.status()
    if status == "not_started":
        return months_before(ask.today, ask.pack_days("results_before_start"))
    if status != "running":
        return None
    days = ask.days_since_start()
    if days is None or days < ask.pack_days(due_from):
        return None
    return add_days(ask.today, ask.pack_days(taken_from) - days)


def _lacking(dates: dict[str, date | None], first_on: date) -> list[str]:
    """Which results are missing or older than the first day that counts."""
    return [name for name, on in dates.items() if on is None or on < first_on]


@rule("L-01", "P", {"jp", "us"})
def minimal_results(ask: Ask) -> None:
    """L-01: ALT and triglycerides within 1 month before the start, and from day 56. F16."""
    first_on = _results_from(ask, "peak_results_due_from", "peak_results_taken_from")
    if first_on is None:
        return
    labs = ask.listed("labs")
    if labs is None:
        return
    dates = {name: newest_taken_on(labs, name) for name in ("alt", "triglycerides")}
    if lacking := _lacking(dates, first_on):
        ask.say(Level.HOLD, lacking=lacking, first_on=first_on)


def _label_dates(labs: Sequence[Lab]) -> dict[str, date | None]:
    """The newest liver result (ALT or AST) and the newest fasting triglycerides."""
    liver = [lab.taken_on for lab in labs if lab.analyte in ("alt", "ast")]
    fasting = [lab.taken_on for lab in of_analyte(labs, "triglycerides") if lab.fasting]
    return {
        "alt_or_ast": max(liver, default=None),
        "fasting_triglycerides": max(fasting, default=None),
    }


@rule("L-02", "P", {"uk", "eu"})
def label_results(ask: Ask) -> None:
    """L-02: liver and fasting lipids before, at 1 month, then every 3 months, else hold. SmPC."""
    first_on = _results_from(ask, "label_results_due_from", "label_results_taken_from")
    if first_on is None:
        return
    labs = ask.listed("labs")
    if labs is None:
        return
    dates = _label_dates(labs)
    lacking = _lacking(dates, first_on)
    if ask.running():
        months = ask.pack_days("label_results_interval")
        lacking += [n for n, on in dates.items() if on and ask.today > months_after(on, months)]
    if lacking:
        ask.say(Level.HOLD, lacking=sorted(set(lacking)), first_on=first_on)


@rule("L-05", "P")
def intensified(ask: Ask) -> None:
    """L-05: metabolic or liver risk -> ALT and triglycerides monthly, else hold. PI."""
    risks = ask.any_of("patient.conditions", METABOLIC_RISKS | {"liver_disease"})
    labs = ask.listed("labs")
    if not risks or labs is None:
        return
    first_on = months_before(ask.today, ask.pack_days("intensified_interval"))
    dates = {name: newest_taken_on(labs, name) for name in ("alt", "triglycerides")}
    if lacking := _lacking(dates, first_on):
        ask.say(Level.HOLD, lacking=lacking, first_on=first_on, risks=risks)


@rule("C-09", "IP")
def baseline_lipids(ask: Ask) -> None:
    """C-09: baseline triglycerides of 500 mg/dL or more before the start -> by pack. F14."""
    if ask.at("prescribe"):
        if not ask.pending():
            return
        ask.listed("labs")
    found = newest_triglycerides(ask.pack, ask.case.labs)
    if found is not None and found >= ask.pack_number("baseline_triglycerides_from"):
        trend = lipid_before(ask, "triglycerides")
        ask.say(ask.pack.level("C-09"), "raised", mg_per_dl=found, **trend)
