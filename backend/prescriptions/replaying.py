"""Ask stored facts again, and say what differs. Plain functions: nothing but what they are given.

Nothing here reads a row, a clock or a pack file, so that neither the patient's present nor a newer
pack can creep into what was decided.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785

from backend.protocol.assess import assess
from backend.protocol.facts import case_from_facts
from backend.protocol.findings import Assessment, Level
from backend.protocol.pack import Pack

Said = Mapping[str, Any]  # a finding as it is stored; who altered it need not have kept its shape
_RANKS = {level.value: level.rank for level in Level}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two answers say differently.

    `about`: `decision`, `order` (the findings are the same, in another order) or a rule. `then`
    and `now` are the decision, or the level of the rule's most severe finding that differs; None
    = it said nothing more. `fields`: what differs where both say something of the same level.
    """

    about: str
    then: str | None
    now: str | None
    fields: tuple[str, ...] = ()


def ask_again(facts: Mapping[str, Any], purpose: str, *, at: datetime, pack: Pack) -> Assessment:
    """The answer of `pack` to these facts as they stood at `at`. Raises BadFacts (422)."""
    return assess(case_from_facts(facts, at), pack, purpose)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON (RFC 8785) of facts or findings, in hex."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def differences(
    decision: str, findings: Sequence[Said], answer: Assessment
) -> tuple[Difference, ...]:
    """What `answer` says otherwise than a stored decision and its findings; empty = not a byte."""
    now = answer.as_json()
    found = []
    if decision != now["decision"]:
        found.append(Difference("decision", decision, now["decision"]))
    found += _by_rule(findings, now["findings"])
    if not found and digest(list(findings)) != digest(now["findings"]):
        found.append(Difference("order", None, None))
    return tuple(found)


def differing_rules(findings: Iterable[Said], answer: Assessment) -> tuple[str, ...]:
    """The rules that decide otherwise: from senior upwards on one side, at another level on the
    other. In the order of the answer, those that fell silent at the end."""
    then, now = _decisive(findings), _decisive(answer.as_json()["findings"])
    rules = dict.fromkeys((*now, *then))
    return tuple(rule for rule in rules if then.get(rule) != now.get(rule))


def _decisive(findings: Iterable[Said]) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for finding in findings:
        rule, rank = _rule(finding), _rank(finding)
        if rank >= Level.SENIOR.rank:
            ranks[rule] = max(rank, ranks.get(rule, 0))
    return ranks


def _rule(finding: Said) -> str:
    return str(finding.get("rule"))


def _rank(finding: Said) -> int:
    return _RANKS.get(str(finding.get("level")), len(_RANKS))


def _by_rule(then: Sequence[Said], now: Sequence[Said]) -> list[Difference]:
    """One difference for each rule that does not say exactly the same, in order of its name."""
    gone, new = _without(then, now), _without(now, then)
    rules = sorted({_rule(finding) for finding in (*gone, *new)})
    return [_difference(rule, _of(rule, gone), _of(rule, new)) for rule in rules]


def _without(these: Sequence[Said], those: Sequence[Said]) -> list[Said]:
    """These findings but for those that stand on the other side too, each one once."""
    rest = [digest(finding) for finding in those]
    found = []
    for finding in these:
        mark = digest(finding)
        if mark in rest:
            rest.remove(mark)
        else:
            found.append(finding)
    return found


def _of(rule: str, findings: Iterable[Said]) -> Said | None:
    """The most severe finding of a rule."""
    mine = [finding for finding in findings if _rule(finding) == rule]
    return max(mine, key=_rank, default=None)


def _difference(rule: str, then: Said | None, now: Said | None) -> Difference:
    levels = [None if finding is None else str(finding.get("level")) for finding in (then, now)]
    fields: tuple[str, ...] = ()
    if then is not None and now is not None:
        names = sorted({*then, *now} - {"level"})
        fields = tuple(name for name in names if then.get(name) != now.get(name))
    return Difference(rule, levels[0], levels[1], fields)
