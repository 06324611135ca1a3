"""The tests of the copy: collected by pytest, run by us, and which of them reach which line."""

import os
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import coverage
import hypothesis
import pytest
from _pytest.runner import runtestprotocol

from dev.mutants.forks import DONE, forked
from dev.mutants.making import Mutant
from dev.mutants.place import OUT, PROTOCOL, ROOT, TREE
from dev.mutants.swapping import caches

AT_IMPORT = "at import"
SLOW_SECONDS = 0.5  # a test that takes longer judges no mutants: the figure is a lower bound
LARGE = 64  # a cache of this size keeps what was computed, a smaller one what was read


def prepare() -> None:
    """Once, before any fork: the copy is imported, and each run tries the same examples."""
    sys.dont_write_bytecode = False  # each test file is compiled once, not for each mutant
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    hypothesis.settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutants")
    os.chdir(TREE)
    sys.path[:] = [str(TREE), *(p for p in sys.path if Path(p).resolve() not in (ROOT, TREE))]


class _Loop:
    """A pytest plugin: collects as always, then does `work` with the tests."""

    def __init__(self, work: Callable[[list[pytest.Item]], None]) -> None:
        self._work = work

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed:
            return None  # pytest says that collecting failed
        self._work(session.items)
        return True


def collect(work: Callable[[list[pytest.Item]], None], files: Sequence[str] = ()) -> bool:
    """Collect the tests (of these files only), then do the work. False: they do not load."""
    options = ["-q", "-s", "-c", "pytest.ini", f"--rootdir={TREE}", f"--basetemp={OUT / 'tmp'}"]
    return pytest.main([*options, *files], plugins=[_Loop(work)]) == pytest.ExitCode.OK


def first_failing(
    items: Sequence[pytest.Item], before_each: Callable[[str], None] = lambda _: None
) -> str | None:
    """The first test that fails; `None` if all pass."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        before_each(item.nodeid)
        if any(report.failed for report in runtestprotocol(item, nextitem=following, log=False)):
            return item.nodeid
    return None


@dataclass(frozen=True, slots=True)
class Reached:
    """What the tests do on the rules as they are.

    `seconds`: test -> how long it takes. `tests`: module -> line -> tests that run it, and
    `AT_IMPORT` if loading rules and tests runs it.
    """

    seconds: Mapping[str, float]
    tests: Mapping[str, Mapping[int, Collection[str]]]

    def of(self, mutant: Mutant) -> set[str]:
        """The tests that run a line of the mutated statement."""
        lines = self.tests.get(mutant.module, {})
        span = range(mutant.line, mutant.end_line + 1)
        return {test for line in span for test in lines.get(line, ())}

    def anywhere(self, module: str) -> set[str]:
        """The tests that run any line of a module."""
        return {test for tests in self.tests.get(module, {}).values() for test in tests}


def measured() -> Reached:
    """Run all tests on the rules as they are. Raises RuntimeError if one fails."""
    how, answer = forked(_measure, cpu_seconds=600)
    if how != DONE or answer["failing"] is not None:
        problem = answer["failing"] if answer else how
        raise RuntimeError(f"the tests fail without any mutant: {problem}")
    quick = {test: took for test, took in answer["seconds"].items() if took <= SLOW_SECONDS}
    names, judges = answer["names"], {AT_IMPORT, *quick}
    return Reached(
        seconds=quick,
        tests={
            module: {int(n): {names[i] for i in found} & judges for n, found in lines.items()}
            for module, lines in answer["lines"].items()
        },
    )


def _measure() -> dict[str, Any]:
    watch = coverage.Coverage(
        data_file=None, source=[str(PROTOCOL)], config_file=False, context=AT_IMPORT
    )
    seconds: dict[str, float] = {}
    failing: list[str | None] = []

    def work(items: list[pytest.Item]) -> None:
        # What was read from files stays: reading it takes longer than a test.
        kept = [cache for cache in caches() if (cache.cache_info().maxsize or LARGE) >= LARGE]
        for item in items:
            for cache in kept:
                cache.cache_clear()
            watch.switch_context(item.nodeid)
            begun = time.process_time()
            failing.append(first_failing([item]))
            seconds[item.nodeid] = time.process_time() - begun

    watch.start()
    loaded = collect(work)
    watch.stop()
    failed = [test for test in failing if test is not None]
    problem = failed[0] if failed else None if loaded and seconds else "they do not load"
    return {"failing": problem, "seconds": seconds, **_lines(watch.get_data())}


def _lines(data: coverage.CoverageData) -> dict[str, Any]:
    """`names` of contexts, and `lines`: module -> line -> indices of names."""
    names: dict[str, int] = {}
    lines = {}
    for file in data.measured_files():
        by_line = data.contexts_by_lineno(file)
        lines[Path(file).stem] = {
            line: [
                names.setdefault(name.removeprefix(f"{AT_IMPORT}|"), len(names))
                for name in contexts
            ]
            for line, contexts in by_line.items()
        }
    return {"names": list(names), "lines": lines}
