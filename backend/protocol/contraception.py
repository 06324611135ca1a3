"""Contraception: is one sufficient combination in place, and for one month?

Methods have `since`, which counts only before the first dose: then one month (M) must have passed
for each form of one combination. Abstinence meets the rule in JP and US, not in UK and EU.
"""

from collections.abc import Callable, Iterable
from enum import Enum
from itertools import combinations

from backend.protocol.ask import Ask, rule
from backend.protocol.case import Method
from backend.protocol.findings import Level
from backend.protocol.medicines import inducers
from backend.protocol.vocabulary import BARRIERS, COILS, COMBINED_HORMONAL, NEVER_COUNTED, PERMANENT

# P-US-04 and P-US-05 (Contraception Counseling Guide 2023).
US_PRIMARY = PERMANENT | COILS | COMBINED_HORMONAL | {"injection", "implant"}
US_COUNTED = US_PRIMARY | BARRIERS
# P-PP-03 (SmPC 2018): one alone, or one hormonal and one barrier.
PPP_ALONE = PERMANENT | COILS | {"implant"}
PPP_HORMONAL = COMBINED_HORMONAL | {"injection"}
# C-15: hormonal methods that an enzyme inducer makes unreliable.
WEAKENED = COMBINED_HORMONAL | {"implant"}


class Met(Enum):
    """Whether a requirement is met, as far as the facts tell."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def two_forms(codes: Iterable[str]) -> bool:
    """US: two different forms, at least one of the primary list, the other of either list."""
    pairs = combinations(sorted(set(codes) & US_COUNTED), 2)
    return any(US_PRIMARY & set(pair) for pair in pairs)


def one_alone_or_a_pair(codes: Iterable[str]) -> bool:
    """JP, UK, EU: one user-independent form, or one hormonal and one barrier."""
    listed = set(codes)
    return bool(listed & PPP_ALONE) or bool(listed & PPP_HORMONAL and listed & BARRIERS)


def sufficient(ask: Ask) -> Callable[[Iterable[str]], bool]:
    """The pack's test of a set of methods."""
    return two_forms if ask.programme == "us" else one_alone_or_a_pair


def _abstains(ask: Ask) -> bool | None:
    """JP, US: the needed record of abstinence; elsewhere it counts for nothing."""
    return ask.flag("contraception.abstinence") if ask.programme in ("jp", "us") else False


def _waited(ask: Ask, method: Method) -> bool:
    """Today is not before M(since)."""
    return method.since is not None and ask.today >= ask.month_after(method.since)


def contraception_met(ask: Ask) -> Met:
    """Whether the pack's contraception rule is met; names every fact that it needs and misses."""
    methods: tuple[Method, ...] | None = ask.listed("contraception.methods")
    abstains = _abstains(ask)
    status = ask.status()
    waits = status == "not_started"
    if waits and not abstains and any(m.since is None for m in methods or ()):
        ask.miss("contraception.methods.since")
    if abstains:
        return Met.YES
    if methods is None:
        return Met.UNKNOWN
    enough = sufficient(ask)
    unknown_wait = status is None
    in_place = [m.code for m in methods if not (waits or unknown_wait) or _waited(ask, m)]
    possible = [m.code for m in methods if not waits or m.since is None or _waited(ask, m)]
    if enough(in_place):
        return Met.YES
    return Met.UNKNOWN if enough(possible) or abstains is None else Met.NO


def _answer(ask: Ask, level: Level) -> None:
    """Answer at `level` unless the rule is met; why: too few methods, or too short a time."""
    if contraception_met(ask) is not Met.NO:
        return
    codes = [m.code for m in ask.case.contraception.methods or ()]
    ask.say(level, "too_soon" if sufficient(ask)(codes) else "not_enough", methods=codes)


def _never_counted(ask: Ask, codes: Iterable[str], unmet: Level) -> None:
    """Listed methods that never count: `unmet` if the rule is not met, else counsel."""
    met = contraception_met(ask)
    listed = {m.code for m in ask.case.contraception.methods or ()} & set(codes)
    if listed and met is not Met.UNKNOWN:
        ask.say(unmet if met is Met.NO else Level.COUNSEL, methods=listed)


@rule("P-JP-03", "P", {"jp"})
def contraception_jp(ask: Ask) -> None:
    """P-JP-03: can; a sufficient method for one month, or abstinence, else hold. DESIGN."""
    if ask.can:
        _answer(ask, Level.HOLD)


@rule("P-US-03", "P", {"us"})
def contraception_us(ask: Ask) -> None:
    """P-US-03: can; two forms, one primary, for one month, or the pledge, else block. F52, F8."""
    if ask.can:
        _answer(ask, Level.BLOCK)


@rule("P-US-06", "P", {"us"})
def unacceptable_us(ask: Ask) -> None:
    """P-US-06: mini-pill, female condom, withdrawal, natural planning never count. F27."""
    if ask.can:
        _never_counted(ask, NEVER_COUNTED, Level.BLOCK)


@rule("P-PP-03", "P", {"uk", "eu"})
def contraception_ppp(ask: Ask) -> None:
    """P-PP-03: can, not exempt; one user-independent or a pair, for one month, else hold. SmPC."""
    if ask.can and not ask.exempt:
        _answer(ask, Level.HOLD)


@rule("P-PP-04", "P", {"uk", "eu"})
def mini_pill_ppp(ask: Ask) -> None:
    """P-PP-04: the progestogen-only pill is not adequate and never counts. F26."""
    if ask.can and not ask.exempt:
        _never_counted(ask, {"progestogen_only_pill"}, Level.HOLD)


@rule("C-15", "IP")
def enzyme_inducers(ask: Ask) -> None:
    """C-15: an enzyme inducer now or within 28 days -> warn; hold if only a hormonal method that
    it weakens meets the contraception rule (waiting times apart; exempt = met). F27b.
    """
    found = inducers(ask)
    if not found:
        return
    if ask.at("prescribe") and ask.can and not ask.exempt and _rests_on_weakened(ask):
        ask.say(Level.HOLD, medicines=found)
    else:
        ask.say(Level.WARN, medicines=found)


def _rests_on_weakened(ask: Ask) -> bool:
    """A weakened method is listed, and without these methods the rule is not met."""
    methods: tuple[Method, ...] = ask.listed("contraception.methods") or ()
    abstains = _abstains(ask)
    codes = {m.code for m in methods}
    if not codes & WEAKENED or abstains or sufficient(ask)(codes - WEAKENED):
        return False
    return abstains is False
