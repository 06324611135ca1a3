"""`make bench [ONLY=name]`: measure what was promised, as a table and build/bench.json."""

import argparse
import sys
from collections.abc import Callable, Iterator

from dev.bench import booking, commands, engine, queue, reassess, trail, worklist
from dev.bench.figures import Figure, publish

BENCHES: dict[str, Callable[[], Iterator[Figure]]] = {
    "engine": engine.measure,
    "reassess": reassess.measure,
    "booking": booking.measure,
    "worklist": worklist.measure,
    "queue": queue.measure,
    "trail": trail.measure,
    "trail-cost": trail.measure_cost,
    "demo": commands.measure_demo,
    "suite": commands.measure_suite,
}


def main() -> int:
    """Run all or one; 1 when a bound is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=BENCHES, default=None)
    only = parser.parse_args().only
    chosen = [BENCHES[only]] if only else list(BENCHES.values())
    return 0 if publish(figure for bench in chosen for figure in bench()) else 1


if __name__ == "__main__":
    sys.exit(main())
