"""What the page of all rules says that rules read, need and answer is what they do.

The rules' own tests are run once more with `watch_rules`, which notes it; every rule has edges on
both sides there, so what no test sees done is declared in vain.
"""

import json
import os
import subprocess
import sys

import pytest

from backend.protocol.ask import Rule
from backend.protocol.assess import RULES
from backend.protocol.catalogue import all_packs, catalogue, levels_of
from backend.protocol.pack_shape import LEVELS
from backend.protocol.texts import rule_texts
from tests.laws.breaches import ROOT

ITEMS = "checkin.items."  # twelve facts of one kind are declared as one
ENTRIES = {entry.id: entry for entry in catalogue()}


@pytest.fixture(scope="module")
def noted(tmp_path_factory):
    """What the rules did while their tests ran; the tests that draw lots are left out."""
    notes = tmp_path_factory.mktemp("rules") / "notes.json"
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.laws.watch_rules"]
    done = subprocess.run(
        [*command, *files_that_draw_no_lots()],
        cwd=ROOT,
        env=surroundings | {"RULE_NOTES": str(notes)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:]
    return json.loads(notes.read_text(encoding="utf-8"))


def files_that_draw_no_lots() -> list[str]:
    """The files of the rules' tests in which every run asks the same cases."""
    files = sorted((ROOT / "tests" / "protocol").glob("test_*.py"))
    return [str(path) for path in files if "hypothesis" not in path.read_text(encoding="utf-8")]


def told_apart(declared: dict[str, set], found: dict[str, set]) -> dict[str, dict[str, list]]:
    """By rule: what it does and is not declared, what is declared and it never does."""
    return {
        rule: {"undeclared": sorted(found[rule] - said), "never": sorted(said - found[rule])}
        for rule, said in declared.items()
        if said != found[rule]
    }


def declared(key: str) -> dict[str, set]:
    return {rule.id: set(rule_texts()[rule.id].get(key, ())) for rule in RULES}


def done(noted, kind: str) -> dict[str, set]:
    return {rule.id: set(map(_hashable, noted.get(rule.id, {}).get(kind, ()))) for rule in RULES}


def _hashable(item):
    return tuple(item) if isinstance(item, list) else item


def test_a_rule_reads_of_a_pack_what_it_declares(noted):
    wanted = {rule: reads | ({rule} & LEVELS) for rule, reads in declared("reads").items()}

    assert told_apart(wanted, done(noted, "reads")) == {}


def test_a_rule_needs_the_facts_that_it_declares(noted):
    found = {
        rule: {_section(path) if "checkin.items" in declared("needs")[rule] else path for path in n}
        for rule, n in done(noted, "needs").items()
    }

    assert told_apart(declared("needs"), found) == {}


def _section(path: str) -> str:
    return "checkin.items" if path.startswith(ITEMS) else path


def test_a_rule_answers_at_the_levels_that_it_declares(noted):
    wanted = {rule.id: set(_levels(rule)) for rule in RULES}

    assert told_apart(wanted, done(noted, "levels")) == {}


def _levels(rule: Rule):
    packs = [pack for pack in all_packs() if pack.programme in rule.programmes]
    for answer in ENTRIES[rule.id].answers:
        for level in levels_of(rule.id, answer.name, packs):
            yield answer.name, level.value


def test_what_differs_is_named_on_both_sides():
    said, found = {"D-01": {"a", "b"}, "D-02": {"c"}}, {"D-01": {"b", "x"}, "D-02": {"c"}}

    assert told_apart(said, found) == {"D-01": {"undeclared": ["x"], "never": ["a"]}}
