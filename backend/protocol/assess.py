"""Ask every rule that a purpose asks, and decide by the most severe finding."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

from backend.kernel.errors import Unprocessable
from backend.kernel.text import Text
from backend.protocol import rulebook
from backend.protocol.ask import Ask, Moment, Rule
from backend.protocol.case import Case
from backend.protocol.days import EASTERN, civil_day, is_zone, utc_day
from backend.protocol.findings import Assessment, Finding, Level, decide
from backend.protocol.pack import NOT_ACTIVATED, Activated, NoSuchPack, Pack, pack_in_force
from backend.protocol.texts import failed, said, unknown
from backend.protocol.vocabulary import PURPOSES

RULES: tuple[Rule, ...] = rulebook.RULES


class NoSuchPurpose(Unprocessable):
    """The purpose is none of intake, prescribe, dispense, checkin, second_course (X-07)."""

    code = "no_such_purpose"
    title = Text("該当する目的がありません", "There is no such purpose")


def assess(
    case: Case, pack: Pack, purpose: str, activated: Activated = NOT_ACTIVATED
) -> Assessment:
    """The answer of the rule book to a case: every finding, and the decision.

    Unknown facts hold; a rule that breaks holds. A patient whose zone is unknown is asked
    nothing else (X-07). `activated` only tells whether the pack is in force. Raises NoSuchPurpose.
    """
    if purpose not in PURPOSES:
        raise NoSuchPurpose(Text(f"目的 {purpose} はありません。", f"No purpose {purpose}."))
    zone = case.patient.zone
    if zone is None or not is_zone(zone):
        findings = (_no_zone(zone),)
        in_force = _is_in_force(pack, utc_day(case.now), activated)
        return _answer(pack, purpose, None, findings, in_force=in_force)
    today = civil_day(case.now, zone)
    moment = Moment(
        case=seen_on(case, today),
        pack=pack,
        purpose=purpose,
        today=today,
        eastern_today=civil_day(case.now, EASTERN),
    )
    in_force = _is_in_force(pack, today, activated)
    return _answer(pack, purpose, today, _ask_all(moment), in_force=in_force)


@lru_cache(maxsize=128)
def asked(rules: tuple[Rule, ...], pack: Pack, purpose: str) -> tuple[Rule, ...]:
    """Which of these rules the pack asks at the purpose, in the same order."""
    return tuple(rule for rule in rules if rule.is_asked(pack, purpose))


def seen_on(case: Case, today: date) -> Case:
    """The case without weights, tests, results and PHQ entries dated after today (X-06).

    The same case if there are none: the usual one is not copied.
    """
    days = [w.on for w in case.patient.weights or ()]
    days += [t.taken_on for t in case.pregnancy_tests or ()]
    days += [lab.taken_on for lab in case.labs or ()]
    days += [entry.on for entry in case.phq or ()]
    return case if max(days, default=today) <= today else _until(case, today)


def _until(case: Case, today: date) -> Case:
    weights, tests = case.patient.weights, case.pregnancy_tests
    labs, phq = case.labs, case.phq
    past_weights = None if weights is None else tuple(w for w in weights if w.on <= today)
    return replace(
        case,
        patient=replace(case.patient, weights=past_weights),
        pregnancy_tests=None if tests is None else tuple(t for t in tests if t.taken_on <= today),
        labs=None if labs is None else tuple(lab for lab in labs if lab.taken_on <= today),
        phq=None if phq is None else tuple(entry for entry in phq if entry.on <= today),
    )


def _ask_all(moment: Moment) -> tuple[Finding, ...]:
    """The findings of every rule; each rule sees what was found before it."""
    findings: tuple[Finding, ...] = ()
    for rule in asked(RULES, moment.pack, moment.purpose):
        if found := _ask(rule, moment, findings):
            findings += tuple(found)
    return findings


def _ask(rule: Rule, moment: Moment, so_far: tuple[Finding, ...]) -> list[Finding]:
    """The findings of one rule; what it said before it broke still stands."""
    ask = Ask(moment, rule.id, so_far)
    try:
        rule.function(ask)
    except Exception as error:  # whatever breaks, the answer is hold
        ask.findings.append(failed(rule.id, error))
    if ask.missing:
        ask.findings.append(unknown(rule.id, ask.missing))
    return ask.findings


def _no_zone(zone: str | None) -> Finding:
    if zone is None:
        return unknown("X-07", ["patient.zone"])
    wrong = said("X-07", Level.HOLD, "hold", {"zone": zone})
    return replace(wrong, missing=("patient.zone",))


def _answer(
    pack: Pack,
    purpose: str,
    today: date | None,
    findings: tuple[Finding, ...],
    *,
    in_force: bool,
) -> Assessment:
    return Assessment(
        pack=pack.id,
        pack_version=pack.version,
        purpose=purpose,
        today=today,
        decision=decide(findings),
        findings=findings,
        in_force=in_force,
    )


def _is_in_force(pack: Pack, on: date, activated: Activated) -> bool:
    try:
        return pack_in_force(pack.programme, on, activated).id == pack.id
    except NoSuchPack:
        return False
