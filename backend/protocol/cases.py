"""Runs case files: `python -m backend.protocol.cases FILE...`

A file (TOML; or JSON lines, one flattened case a line) states facts and what each pack answers.
Prints one line for each expectation that is not met and `N passed, N failed`.
"""

import functools
import json
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.kernel.errors import Problem
from backend.protocol.assess import assess
from backend.protocol.facts import case_from_facts
from backend.protocol.findings import Assessment
from backend.protocol.pack import pack_for


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one pack or programme answers to one case."""

    name: str
    pack: str
    purpose: str
    now: datetime
    facts: Mapping[str, Any]
    expect: Mapping[str, Any]


def merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Deep merge: tables key by key; anything else, lists included, replaces."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        if isinstance(under, Mapping) and isinstance(value, Mapping):
            merged[key] = merge(under, value)
        else:
            merged[key] = value
    return merged


def _base(bases: Mapping[str, Any], name: str) -> dict[str, Any]:
    base = bases[name]
    below = _base(bases, base["extends"]) if "extends" in base else {}
    return merge(below, base)


def _without(facts: dict[str, Any], path: str) -> dict[str, Any]:
    """The facts but for the one at this path; others may share what is left."""
    key, _, below = path.partition(".")
    if not below or key not in facts:
        return {name: value for name, value in facts.items() if name != key}
    return {**facts, key: _without(facts[key], below)}


def _toml_cases(text: str) -> Iterator[Expectation]:
    data = tomllib.loads(text)
    for case in data["case"]:
        base = _base(data["base"], case["extends"])
        facts = merge(base["facts"], case.get("set", {}))
        facts = functools.reduce(_without, case.get("unset", ()), facts)
        for pack, expect in case["expect"].items():
            yield Expectation(
                name=case["id"],
                pack=pack,
                purpose=case.get("purpose", base.get("purpose")),
                now=case.get("now", base.get("now")),
                facts=facts,
                expect=expect,
            )


def _json_cases(text: str) -> Iterator[Expectation]:
    for number, line in enumerate(text.split("\n"), start=1):  # a title may hold other breaks
        if not line.strip():
            continue
        raw = json.loads(line)
        yield Expectation(
            name=str(raw.get("id", f"line {number}")),
            pack=raw["pack"],
            purpose=raw["purpose"],
            now=datetime.fromisoformat(raw["now"]),
            facts=raw["facts"],
            expect=raw["expect"],
        )


def read_cases(path: Path) -> list[Expectation]:
    """Every expectation of a case file."""
    text = path.read_text(encoding="utf-8-sig")
    return list(_toml_cases(text) if path.suffix == ".toml" else _json_cases(text))


def answer(expectation: Expectation) -> Assessment:
    """What the rule book says. Raises BadFacts, NoSuchPack or NoSuchPurpose."""
    case = case_from_facts(expectation.facts, expectation.now)
    return assess(case, pack_for(expectation.pack, case), expectation.purpose)


def complaints(expectation: Expectation) -> list[str]:
    """How the answer differs from what is expected; empty if it does not."""
    expect = expectation.expect
    try:
        found = answer(expectation)
    except Problem as problem:
        return [f"refused: {problem} {[error.pointer for error in problem.errors]}"]
    rules = {finding.rule for finding in found.findings}
    reasons = [f"lacks {rule}" for rule in expect.get("rules", ()) if rule not in rules]
    reasons += [f"has {rule}" for rule in expect.get("absent", ()) if rule in rules]
    reasons += [f"does not miss {p}" for p in expect.get("missing", ()) if p not in found.missing]
    if found.decision.value != expect["decision"]:
        levels = ", ".join(f"{f.rule} {f.level}" for f in found.findings)
        reasons.append(f"{found.decision} instead of {expect['decision']} ({levels})")
    if expect.get("pack", found.pack) != found.pack:
        reasons.append(f"answered by {found.pack}")
    broken = [f.rule for f in found.findings if dict(f.evidence).get("error")]
    return reasons + [f"{rule} broke" for rule in broken]


def run(paths: list[Path]) -> tuple[list[str], int]:
    """The failing lines, and how many expectations passed."""
    lines, passed = [], 0
    for path in paths:
        for expectation in read_cases(path):
            reasons = complaints(expectation)
            passed += not reasons
            if reasons:
                lines.append(f"{expectation.name} {expectation.pack}: {'; '.join(reasons)}")
    return lines, passed


def files_in(path: Path) -> list[Path]:
    """The case files that a path means: itself, or the .toml and .jsonl files of a folder."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix in {".toml", ".jsonl"})


def main(arguments: list[str]) -> int:
    """Run the files and folders; 0 if every expectation is met, 1 if not, 2 if unreadable."""
    paths = [file for argument in arguments for file in files_in(Path(argument))]
    try:
        lines, passed = run(paths)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sys.stderr.write(f"cannot read the cases: {type(error).__name__}: {error}\n")
        return 2
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.write(f"{passed} passed, {len(lines)} failed\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
