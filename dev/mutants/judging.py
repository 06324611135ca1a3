"""What becomes of a mutant: killed by a test, by the clock, or alive."""

import functools
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import pytest

from dev.mutants import forks
from dev.mutants.making import Mutant
from dev.mutants.suite import AT_IMPORT, Reached, collect, first_failing
from dev.mutants.swapping import Swaps, caches, live_functions, load_instead, put_in, swaps_of

Allow = Callable[[str], None]
IMPORT_SECONDS = 10.0
"""Processor time that loading rules and tests may take."""
PATIENCE = 5
"""How many times longer than usual a test may take before the mutant counts as hanging."""
PATIENCE_SECONDS = 2.0
"""What it may take beyond that, since most tests take a hundredth of a second."""


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"
    UNTESTED = "no tests"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one mutant, by which test, in how many seconds."""

    mutant: Mutant
    fate: Fate
    by: str
    seconds: float


class Judge:
    """Judges mutants one by one; keeps one process with rules and tests loaded."""

    def __init__(self, reached: Reached) -> None:
        self._reached = reached
        self._killers: deque[str] = deque(maxlen=12)  # what killed lately kills its neighbours
        self._loaded, theirs = Pipe()
        if os.fork() == 0:
            self._loaded.close()
            try:
                _serve(theirs, self._allow)
            finally:
                os._exit(0)
        theirs.close()

    def judge(self, mutant: Mutant) -> Verdict:
        """What becomes of it."""
        begun = time.monotonic()
        fate, by = self._fate(mutant)
        if fate == Fate.KILLED and by in self._reached.seconds:
            if by in self._killers:
                self._killers.remove(by)
            self._killers.appendleft(by)
        return Verdict(mutant, fate, by, time.monotonic() - begun)

    def close(self) -> None:
        """Let the other process go."""
        self._loaded.send(None)

    def _fate(self, mutant: Mutant) -> tuple[Fate, str]:
        swaps = swaps_of(mutant)
        if swaps == []:
            return Fate.SAME, ""
        tests = self._reached.of(mutant)
        if swaps is not None:
            if not tests:
                return Fate.UNTESTED, ""
            answer = self._in_functions(mutant, tests)
            if answer is not None and (answer[0] != Fate.SURVIVED or AT_IMPORT not in tests):
                return answer
        return self._loaded_anew(mutant)

    def _in_functions(self, mutant: Mutant, tests: set[str]) -> tuple[Fate, str] | None:
        """Judged by the tests that reach it; `None` if it has to be loaded."""
        order = self._order(tests - {AT_IMPORT})
        self._loaded.send((mutant, order, AT_IMPORT in tests))
        how, by = self._loaded.recv()
        if how == forks.DONE and by is False:
            return None
        return _fate(how, by)

    def _loaded_anew(self, mutant: Mutant) -> tuple[Fate, str]:
        """Judged by every test, those first that reach its module."""
        near = self._reached.anywhere(mutant.module) & self._reached.seconds.keys()
        order = self._order(near)
        order += self._order(self._reached.seconds.keys() - set(order))
        run = functools.partial(_load_and_run, mutant, order, self._allow)
        how, by = forks.forked(run, IMPORT_SECONDS)
        return _fate(how, by)

    def _allow(self, test: str) -> None:
        forks.allow(PATIENCE_SECONDS + PATIENCE * self._reached.seconds[test])

    def _order(self, tests: Iterable[str]) -> list[str]:
        """Those first that killed lately, then of each test function the quickest case, and so on.

        The cases of one function say much the same: the next function is more likely to kill.
        """
        lately = {test: place for place, test in enumerate(self._killers)}
        seconds = self._reached.seconds
        turn: Counter[str] = Counter()
        keys = {}
        for test in sorted(tests, key=lambda test: (seconds[test], test)):
            function = test.partition("[")[0]
            keys[test] = (lately.get(test, len(lately)), turn[function], seconds[test], test)
            turn[function] += 1
        return sorted(keys, key=keys.__getitem__)


def _fate(how: str, by: str | None) -> tuple[Fate, str]:
    if how == forks.TIMEOUT:
        return Fate.TIMEOUT, ""
    if how == forks.DIED:
        return Fate.KILLED, "died"
    return (Fate.SURVIVED, "") if by is None else (Fate.KILLED, by)


def _serve(line: Connection, allow: Allow) -> None:
    """Load rules and tests once; then judge in a fork each mutant that comes down the line."""

    def work(items: list[pytest.Item]) -> None:
        by_name = {item.nodeid: item for item in items}
        live, kept = live_functions(), caches()

        def run(swaps: Swaps, order: list[str], forget: bool) -> str | bool | None:
            if not put_in(swaps, live):
                return False
            for cache in kept if forget else ():  # filled when it was loaded
                cache.cache_clear()
            return first_failing([by_name[name] for name in order], allow)

        while (asked := line.recv()) is not None:
            mutant, order, forget = asked
            swaps = swaps_of(mutant) or []
            judged = functools.partial(run, swaps, order, forget)
            line.send(forks.forked(judged, IMPORT_SECONDS))

    forks.silence()
    collect(work)


def _load_and_run(mutant: Mutant, order: list[str], allow: Allow) -> str | None:
    """The file of the first test first: most mutants need no other."""
    load_instead(mutant)
    place = {name: index for index, name in enumerate(order)}
    passed: set[str] = set()
    failing: list[str | None] = []

    def work(items: list[pytest.Item]) -> None:
        left = [item for item in items if item.nodeid in place.keys() - passed]
        left.sort(key=lambda item: place[item.nodeid])
        failing.append(first_failing(left, allow))
        passed.update(item.nodeid for item in left)

    for files in ([order[0].partition("::")[0]], []):
        forks.allow(IMPORT_SECONDS)
        if not collect(work, files):
            return "it does not load"
        if failing[-1] is not None:
            return failing[-1]
    return None
