"""How fast a human answers, and who: the bands of K-01 to K-06. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from backend.protocol.findings import Decision, Level

WITHIN_MINUTES = timedelta(minutes=15)  # RED
SAME_DAY = timedelta(hours=4)  # RED-same-day
TWO_DAYS = timedelta(days=2)  # AMBER
PREGNANCY = {"R-12", "P-JP-08", "P-US-16", "P-PP-12"}
Finding = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Response:
    """What the clinic does about an answer.

    `halts`: the drug is halted. `reason`: the rule that weighs most. `task`, `urgent`, `within`:
    the task that is opened. Nothing is handed over while it is open.
    """

    halts: bool
    reason: str
    task: str
    urgent: bool
    within: timedelta


def respond(decision: str, findings: Iterable[Finding]) -> Response | None:
    """The response to a decision and its findings (as JSON); None when nobody need do anything.

    A red flag is RED whatever its level (K-01); urgent and stop are answered the same day at
    the latest; everything else that is not clear waits two days for a physician, and the next
    release waits with it.
    """
    found = list(findings)
    rules = {finding["rule"] for finding in found}
    halts = Decision(decision).halts_the_drug
    red = "K-01" in rules or any(rule.startswith("R-") for rule in rules)
    if not halts and not red and decision == Decision.CLEAR:
        return None
    urgent = halts or red
    minutes = red or decision == Decision.URGENT
    return Response(
        halts=halts,
        reason=_weightiest(found) or decision,
        task=_task(rules) if urgent else "check_in_review",
        urgent=urgent,
        within=WITHIN_MINUTES if minutes else SAME_DAY if urgent else TWO_DAYS,
    )


def _task(rules: set[str]) -> str:
    return "pregnancy_reported" if rules & PREGNANCY else "red_flag"


def _weightiest(findings: list[Finding]) -> str:
    """The rule of the most severe finding; of several, a red flag itself before what it causes."""
    ranked = sorted(
        findings,
        key=lambda found: (-Level(found["level"]).rank, not found["rule"].startswith("R-")),
    )
    return str(ranked[0]["rule"]) if ranked else ""
