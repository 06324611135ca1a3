"""One assessment of the whole rule book, in one process and without a database."""

import statistics
import time
from collections.abc import Iterator

from backend.protocol.assess import assess
from backend.protocol.case import Case
from backend.protocol.facts import case_from_facts
from backend.protocol.findings import Decision
from backend.protocol.pack import Pack, load
from dev.bench.figures import Figure, at_most
from tests.protocol.situations import JP, NOW, WOMAN, ago, given, lab

PATIENTS, WARM_UP = 2_500, 100


def measure() -> Iterator[Figure]:
    """A first prescription for one ready woman after another, each with facts of her own."""
    pack = load(JP)
    cases = [_ready(n) for n in range(WARM_UP + PATIENTS)]
    taken_us = [_timed(case, pack) for case in cases]
    median_us = statistics.median(taken_us[WARM_UP:])
    yield at_most("assessment by all rules, median", median_us, "us", 300)


def _ready(n: int) -> Case:
    """The n-th woman: her weight and results are nobody else's, so that no ratio is known yet."""
    own = {
        "patient.weights": [{"kg": 45 + n / 200, "on": ago(3)}],
        "labs": [lab("alt", 15 + n / 200), lab("triglycerides", 60 + n / 50, fasting=True)],
    }
    return case_from_facts(given(WOMAN, own), NOW)


def _timed(case: Case, pack: Pack) -> float:
    begun = time.perf_counter()
    answer = assess(case, pack, "prescribe")
    taken_us = (time.perf_counter() - begun) * 1e6
    if answer.decision is not Decision.CLEAR:
        raise RuntimeError(f"she is not ready: {answer.decision}")
    return taken_us
