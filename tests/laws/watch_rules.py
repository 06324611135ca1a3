"""A pytest plugin: while tests run, note what each rule reads, needs and answers.

`python -m pytest -p tests.laws.watch_rules tests/protocol` with RULE_NOTES naming the file in
which the notes are left: rule -> "reads", "needs", "levels" (pairs of answer and level).
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from backend.protocol import assess as engine
from backend.protocol.ask import Ask, Rule
from backend.protocol.pack import Pack

TABLES = ("numbers", "levels", "choices")
NOTES: dict[str, dict[str, set]] = defaultdict(lambda: defaultdict(set))


class NotedTable(Mapping):
    """A table of a pack that notes which entries are looked up."""

    def __init__(self, table, notes) -> None:
        self.table, self.notes = table, notes

    def __getitem__(self, name):
        self.notes.add(name)
        return self.table[name]

    def __iter__(self) -> Iterator:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)


@cache
def noted(pack: Pack, rule: str) -> Pack:
    reads = NOTES[rule]["reads"]
    tables = {name: NotedTable(getattr(pack, name), reads) for name in TABLES}
    return replace(pack, **tables)


class NotedAsk(Ask):
    """Asks as ever, and notes what is asked and said."""

    @property
    def pack(self):
        return noted(self.moment.pack, self.rule)

    def _read(self, path, kind):
        NOTES[self.rule]["needs"].add(path)
        return Ask._read(self, path, kind)

    def miss(self, *paths):
        NOTES[self.rule]["needs"].update(paths)
        Ask.miss(self, *paths)

    def say(self, level, answer="", because=(), **evidence):
        NOTES[self.rule]["levels"].add((answer or level.value, level.value))
        Ask.say(self, level, answer, because, **evidence)


def watched(rule: Rule) -> Rule:
    def function(ask: Ask) -> None:
        same = {name: getattr(ask, name) for name in ("moment", "rule", "findings", "missing")}
        rule.function(NotedAsk(so_far=ask.so_far, **same))

    return replace(rule, function=function)


def pytest_configure() -> None:
    engine.RULES = tuple(watched(rule) for rule in engine.RULES)


def pytest_unconfigure() -> None:
    notes = {
        rule: {kind: sorted(found) for kind, found in kinds.items()}
        for rule, kinds in NOTES.items()
    }
    Path(os.environ["RULE_NOTES"]).write_text(json.dumps(notes))
