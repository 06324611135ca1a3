"""R- red flags of the check-in, and A-10 to A-13: reporting what was severe."""

from collections.abc import Callable

from backend.protocol.ask import Ask, Rule, rule
from backend.protocol.findings import Finding, Level
from backend.protocol.mood import needed_phq
from backend.protocol.pregnancy import found_by_test

# The question's code and how severe a yes is (docs/domain.md, red flags).: below.
SIMPLE = {
    "R-01": ("bih", Level.URGENT),
    "R-03": ("pancreatitis", Level.URGENT),
    "R-04": ("sjs", Level.URGENT),
    "R-05": ("anaphylaxis", Level.URGENT),
    "R-06": ("rhabdo", Level.URGENT),
    "R-07": ("liver", Level.URGENT),
    "R-08": ("gut", Level.URGENT),
    "R-09": ("hearing", Level.STOP),
    "R-10": ("vision", Level.HOLD),
    "R-11": ("fulminans", Level.URGENT),
}


def _flag(code: str, level: Level) -> Callable[[Ask], None]:
    """A red flag that was answered yes."""

    def answer(ask: Ask) -> None:
        if code in (ask.listed("checkin.red_flags") or ()):
            ask.say(level, because=["checkin.red_flags"])

    return answer


def _simple(rule_id: str) -> Rule:
    return rule(rule_id, "C")(_flag(*SIMPLE[rule_id]))


INTRACRANIAL = _simple("R-01")
PANCREATITIS = _simple("R-03")
SKIN = _simple("R-04")
ANAPHYLAXIS = _simple("R-05")
MUSCLE = _simple("R-06")
LIVER = _simple("R-07")
BOWEL = _simple("R-08")
HEARING = _simple("R-09")
VISION = _simple("R-10")
FULMINANS = _simple("R-11")


@rule("R-02", "C")
def mood(ask: Ask) -> None:
    """R-02: suicidal thought, psychosis, violence, or item 9 of the newest PHQ -> urgent."""
    flagged = "mood" in (ask.listed("checkin.red_flags") or ())
    entry = needed_phq(ask)
    if flagged or (entry and entry.item9):
        score = entry.item9 if entry else None
        ask.say(Level.URGENT, because=["checkin.red_flags"], score=score)


@rule("R-12", "PDC")
def pregnancy(ask: Ask) -> None:
    """R-12: positive test or late period reported, or a positive test in the course -> stop."""
    if ask.at("checkin") and "pregnancy" in (ask.listed("checkin.red_flags") or ()):
        ask.say(Level.STOP, "reported", ["checkin.red_flags"])
    found_by_test(ask)


def red_flags(findings: tuple[Finding, ...]) -> list[Finding]:
    """The R- findings; a hold for a missing answer is none."""
    return [f for f in findings if f.rule.startswith("R-") and not f.missing]


def _report(ask: Ask) -> None:
    """A red flag of level stop or urgent -> counsel: report it."""
    severe = [f for f in red_flags(ask.so_far) if f.level in (Level.STOP, Level.URGENT)]
    if severe:
        ask.say(Level.COUNSEL, rules=sorted({f.rule for f in severe}))


@rule("A-10", "PDC", {"jp"})
def report_jp(ask: Ask) -> None:
    """A-10: report to the PMDA (J-23)."""
    _report(ask)


@rule("A-11", "PDC", {"us"})
def report_us(ask: Ask) -> None:
    """A-11: report to MedWatch; pregnancy also to iPLEDGE."""
    _report(ask)


@rule("A-12", "PDC", {"uk"})
def report_uk(ask: Ask) -> None:
    """A-12: report by Yellow Card."""
    _report(ask)


@rule("A-13", "PDC", {"eu"})
def report_eu(ask: Ask) -> None:
    """A-13: report to the national authority."""
    _report(ask)
