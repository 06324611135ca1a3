"""A pack changes: ten thousand stored decisions are asked again, and those that change listed."""

import time
from collections.abc import Iterator

from backend.protocol.assess import assess
from backend.protocol.case import Case
from backend.protocol.facts import case_from_facts
from backend.protocol.pack import load
from dev.bench.figures import Figure, at_most, ratio_at_least
from dev.bench.web import bench
from tests.protocol.situations import MAN, NOW, UK, given

STORED, IN_MEMORY = 10_000, 2_000


def measure() -> Iterator[Figure]:
    """The command from start to end, on rows of PostgreSQL; then the engine alone, beside it."""
    with bench() as place:
        seeded = place.seed("decisions", str(STORED))
        begun = time.perf_counter()
        lines = place.manage("reassess", f"--pack={UK}").splitlines()
        taken_s = time.perf_counter() - begun
    *changed, summary = lines
    if len(changed) != seeded["minors"] or f"of {STORED:,} decisions" not in summary:
        raise RuntimeError(f"not the decisions that change: {len(changed)} listed, {summary}")
    engine = _engine_alone()
    yield at_most(f"{STORED:,} decisions asked under another pack", taken_s, "s", 30)
    yield ratio_at_least(
        "the same, a second",
        STORED / taken_s,
        "decisions/s",
        against=f"the engine alone, {engine:.0f}/s",
        baseline=engine,
        bound=0.2,
    )


def _engine_alone() -> float:
    """Assessments a second of cases that are in memory already."""
    pack = load(UK)
    cases = [_grown_up(n) for n in range(IN_MEMORY)]
    begun = time.perf_counter()
    for case in cases:
        assess(case, pack, "prescribe")
    return IN_MEMORY / (time.perf_counter() - begun)


def _grown_up(n: int) -> Case:
    return case_from_facts(
        given(MAN, {"patient.weights": [{"kg": 45 + n / 200, "on": "2026-06-12"}]}), NOW
    )
