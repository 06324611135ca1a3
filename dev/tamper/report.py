"""What the tamperings came to: one row a kind, and every one that was missed in full."""

import sys
from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table

EVERY = 1_000  # tamperings between two lines of progress where nobody watches
SHOWN = 20


class Report:
    """Counts what was made, found and named."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._made, self._found, self._named = Counter[str](), Counter[str](), Counter[str]()
        self._missed: list[dict[str, Any]] = []

    @property
    def is_complete(self) -> bool:
        """All were made, found and named."""
        return self._made.total() == self._count == self._found.total() == self._named.total()

    def add(self, outcome: dict[str, Any]) -> None:
        """Count one, and show how far it is."""
        kind = outcome["kind"]
        self._made[kind] += 1
        self._found[kind] += outcome["found"]
        self._named[kind] += outcome["named"]
        if not outcome["named"]:
            self._missed.append(outcome)
        self._progress()

    def show(self, seconds: float) -> None:
        """The table."""
        table = Table("kind", "made", "found", "named")
        for column in table.columns[1:]:
            column.justify = "right"
        for kind, made in self._made.items():
            table.add_row(kind, f"{made:,}", f"{self._found[kind]:,}", f"{self._named[kind]:,}")
        totals = (self._made.total(), self._found.total(), self._named.total())
        table.add_section()
        table.add_row("all", *(f"{total:,}" for total in totals))
        console = Console(width=130)
        console.print(table)
        for outcome in self._missed[:SHOWN]:
            word = "not named" if outcome["found"] else "NOT FOUND"
            console.print(f"{word}: {outcome['way']}: {outcome['what']}: {outcome['said'][:2]}")
        console.print(f"{seconds:.0f} s, {totals[0] / seconds:.0f} a second with making the log")

    def _progress(self) -> None:
        made = self._made.total()
        if sys.stdout.isatty():
            print(f"{made:,} of {self._count:,}", end="\r", flush=True)
        elif made % EVERY == 0:
            print(f"{made:,} of {self._count:,}, {len(self._missed)} missed", flush=True)
