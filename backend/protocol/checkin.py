"""K- rules: the graded check-in and how the precautions were kept. DESIGN, clinician to confirm."""

from backend.protocol.adverse import red_flags
from backend.protocol.ask import Ask, rule
from backend.protocol.findings import Level
from backend.protocol.vocabulary import CHECKIN_ITEMS


@rule("K-01", "C")
def any_red_flag(ask: Ask) -> None:
    """K-01: any red flag -> RED (minutes), at the level of its row."""
    ask.listed("checkin.red_flags")
    found = red_flags(ask.so_far)
    if found:
        worst = max((f.level for f in found), key=lambda level: level.rank)
        ask.say(worst, "red", rules=sorted({f.rule for f in found}))


def _grades(ask: Ask) -> dict[str, int]:
    """The graded items; all twelve are needed."""
    grades = {name: ask.whole(f"checkin.items.{name}") for name in CHECKIN_ITEMS}
    known = {name: grade for name, grade in grades.items() if grade is not None}
    if not known:
        ask.miss("checkin.items")
    return known


@rule("K-02", "C")
def item_severe(ask: Ask) -> None:
    """K-02: any item graded 4 -> urgent (RED, same day)."""
    grade = ask.pack_days("item_urgent")
    if items := [name for name, given in _grades(ask).items() if given == grade]:
        ask.say(Level.URGENT, items=items)


@rule("K-05", "C")
def item_marked(ask: Ask) -> None:
    """K-05: any item graded 3 -> hold (AMBER, 2 days)."""
    grade = ask.pack_days("item_hold")
    if items := [name for name, given in _grades(ask).items() if given == grade]:
        ask.say(Level.HOLD, items=items)


@rule("K-06", "C")
def items_sum(ask: Ask) -> None:
    """K-06: the twelve items sum to 16 or more -> hold (AMBER, 2 days)."""
    total = sum(_grades(ask).values())
    if total >= ask.pack_days("item_sum_hold_from"):
        ask.say(Level.HOLD, total=total)


@rule("K-09", "C")
def adherence(ask: Ask) -> None:
    """K-09: running; not with food (not lidose), or doses missed (D-15) -> counsel."""
    if not ask.running():
        return
    with_food = ask.flag("checkin.adherence.with_food")
    missed = ask.whole("checkin.adherence.missed_doses")
    if with_food is False and ask.case.prescription.product != "lidose":
        ask.say(Level.COUNSEL, "food", ["checkin.adherence.with_food"])
    if missed:
        ask.say(Level.COUNSEL, "missed", missed=missed)


@rule("K-10", "C")
def contraception_kept(ask: Ask) -> None:
    """K-10: can; running or before M(last dose), contraception not kept -> stop until tested."""
    if not ask.can:
        return
    status = ask.status()
    if status == "ended":
        ended_on = ask.day("course.ended_on")
        if ended_on is None or ask.today >= ask.month_after(ended_on):
            return
    elif status != "running":
        return
    if ask.flag("checkin.adherence.contraception_kept") is False:
        ask.say(Level.STOP, because=["checkin.adherence.contraception_kept", "course.status"])
