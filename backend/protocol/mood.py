"""C-19, K-03, K-04, K-08 and the PHQ: mood, asked before and during the course."""

from collections.abc import Sequence

from backend.protocol.ask import Ask, rule
from backend.protocol.case import Phq
from backend.protocol.days import days_between
from backend.protocol.findings import Level


def newest_phq(entries: Sequence[Phq] | None) -> Phq | None:
    """The newest entry; two on one day: the higher item 9, then PHQ-9, then PHQ-2."""
    if not entries:
        return None

    def worse(entry: Phq) -> tuple[int, ...]:
        answers = (entry.item9, entry.phq9, entry.phq2)
        return (entry.on.toordinal(), *(-1 if answer is None else answer for answer in answers))

    return max(entries, key=worse)


def needed_phq(ask: Ask) -> Phq | None:
    """The newest entry of the needed list `phq`."""
    return newest_phq(ask.listed("phq"))


def _gaps(entry: Phq, positive_from: int, *, full: bool) -> list[str]:
    """What the entry lacks: PHQ-9 if asked in full or PHQ-2 is positive; item 9 beside PHQ-9."""
    gaps = []
    if entry.phq9 is None:
        if full or (entry.phq2 or 0) >= positive_from:
            gaps.append("phq.phq9")
        elif entry.phq2 is None:
            gaps += ["phq.phq2", "phq.phq9"]
    if entry.item9 is None and (full or entry.phq9 is not None):
        gaps.append("phq.item9")
    return gaps


def _hold_unless_fresh(ask: Ask, entry: Phq | None, *, full: bool, at_most_days: int) -> None:
    """Hold without an entry, with an old one, or with one that has gaps."""
    if entry is None:
        ask.say(Level.HOLD, "none", at_most_days=at_most_days)
        return
    if days_between(entry.on, ask.today) > at_most_days:
        ask.say(Level.HOLD, "old", on=entry.on, at_most_days=at_most_days)
    ask.miss(*_gaps(entry, ask.pack_days("phq2_positive_from"), full=full))


@rule("C-19", "IP")
def suicidal_thought(ask: Ask) -> None:
    """C-19: item 9 above 0 -> urgent; a PHQ of at most 30 days is needed, else hold. DESIGN."""
    given = ask.listed("phq")
    entry = newest_phq(given)
    if entry and entry.item9:
        ask.say(Level.URGENT, score=entry.item9, on=entry.on)
    status = "not_started" if ask.at("intake") else ask.status()
    if given is None or status in (None, "ended"):
        return
    days = ask.pack_days("phq_age_highest")
    _hold_unless_fresh(ask, entry, full=status == "not_started", at_most_days=days)


@rule("K-03", "C")
def phq9_severe(ask: Ask) -> None:
    """K-03: newest PHQ-9 of 15 or more -> urgent (RED, same day). DESIGN."""
    entry = needed_phq(ask)
    if entry and entry.phq9 is not None and entry.phq9 >= ask.pack_days("phq9_urgent_from"):
        ask.say(Level.URGENT, score=entry.phq9, on=entry.on)


@rule("K-04", "C")
def phq9_moderate(ask: Ask) -> None:
    """K-04: newest PHQ-9 from 10 to 14 -> hold (AMBER, 2 days). DESIGN."""
    entry = needed_phq(ask)
    lowest, below = ask.pack_days("phq9_hold_from"), ask.pack_days("phq9_urgent_from")
    if entry and entry.phq9 is not None and lowest <= entry.phq9 < below:
        ask.say(Level.HOLD, score=entry.phq9, on=entry.on)


@rule("K-08", "C")
def phq_at_checkin(ask: Ask) -> None:
    """K-08: an entry of at most 7 days with PHQ-2 or PHQ-9, complete, else hold. DESIGN."""
    given = ask.listed("phq")
    if given is not None:
        days = ask.pack_days("checkin_phq_age_highest")
        _hold_unless_fresh(ask, newest_phq(given), full=False, at_most_days=days)
