"""What a run found: a table for the terminal, the survivors' diffs and the figures in build/."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from dev.mutants.judging import Fate, Verdict

COLUMNS = (Fate.KILLED, Fate.TIMEOUT, Fate.SURVIVED, Fate.UNTESTED)
NOTICED = (Fate.KILLED, Fate.TIMEOUT)


def rate(verdicts: Sequence[Verdict]) -> float:
    """The share of mutants that were noticed, in percent; 100 without any."""
    noticed = sum(verdict.fate in NOTICED for verdict in verdicts)
    return 100 * noticed / len(verdicts) if verdicts else 100.0


def heading() -> str:
    """The table's first line."""
    return "module".ljust(20) + "".join(name.rjust(11) for name in (*COLUMNS, "total", "rate"))


def line(name: str, verdicts: Sequence[Verdict]) -> str:
    """One line of the table."""
    fates = Counter(verdict.fate for verdict in verdicts)
    numbers = [*(fates[column] for column in COLUMNS), len(verdicts)]
    cells = "".join(f"{number:>11}" for number in numbers)
    return f"{name:<20}{cells}{rate(verdicts):>10.1f}%"


def write(folder: Path, verdicts: Sequence[Verdict], seconds: float) -> None:
    """`survivors.diff` and `figures.json`."""
    alive = [verdict for verdict in verdicts if verdict.fate not in NOTICED]
    diffs = "\n".join(f"# {verdict.fate}\n{verdict.mutant.diff()}" for verdict in alive)
    (folder / "survivors.diff").write_text(diffs, encoding="utf-8")
    figures = {
        "mutants": len(verdicts),
        **{column.value: sum(v.fate == column for v in verdicts) for column in COLUMNS},
        "rate_percent": round(rate(verdicts), 2),
        "seconds": round(seconds),
        "verdicts": {v.mutant.name: [v.fate, v.by, round(v.seconds, 2)] for v in verdicts},
    }
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    (folder / "figures.json").write_text(text + "\n", encoding="utf-8")
