"""What to tell a patient at once after her answers. Plain Python over `advice.toml`."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from backend.kernel.text import Text
from backend.protocol.findings import Decision

FILE = Path(__file__).parent / "advice.toml"
OF_DECISION = {"senior": "hold", "block": "hold"}


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call: `emergency`, `crisis_line` or `clinic`, and the number."""

    who: str
    telephone: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do. The code is a published contract; it names the act, not the finding."""

    code: str
    text: Text
    call: tuple[Call, ...]


def advice_for(
    rules: Iterable[str], decision: str, *, programme: str, clinic_telephone: str
) -> list[Advice]:
    """The advice for these findings, most pressing first; at least one, by the decision."""
    file, found = _file(), set(rules)
    chosen = [entry for entry in file["advice"] if found & set(entry["rules"])]
    if not chosen:
        chosen = [file["otherwise"][OF_DECISION.get(decision, decision)]]
    numbers = {**file["numbers"][programme], "clinic": clinic_telephone}
    return [
        Advice(
            code=entry["code"],
            text=Text(entry["ja"], entry["en"]),
            call=tuple(Call(who, numbers[who]) for who in entry["call"]),
        )
        for entry in chosen
    ]


def counsel_for(
    findings: Iterable[Mapping[str, Any]], decision: str, *, clinic_telephone: str
) -> list[Advice]:
    """What is said beside it: a wish or a date of the patient's own that must wait (C-23 to C-25).

    `findings`: as they are stored, each once. Nothing when the drug is stopped: then one thing
    matters. A day is named where the finding has one.
    """
    if Decision(decision).halts_the_drug:
        return []
    said = {finding["rule"]: finding.get("evidence", {}) for finding in findings}
    found = []
    for entry in _file()["counsel"]:
        rule = next((rule for rule in entry["rules"] if rule in said), None)
        if rule is not None:
            text = _dated(entry, said[rule])
            call = tuple(Call(who, clinic_telephone) for who in entry["call"])
            found.append(Advice(entry["code"], text, call))
    return found


def _dated(entry: Mapping[str, Any], evidence: Mapping[str, str]) -> Text:
    dated = entry.get("dated")
    if dated is None or "release_on" not in evidence:
        return Text(entry["ja"], entry["en"])
    day = evidence["release_on"]
    return Text(dated["ja"].format(release_on=day), dated["en"].format(release_on=day))


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))
