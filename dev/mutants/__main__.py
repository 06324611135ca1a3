"""`make mutants [ONLY=dosing,mood]`: does a test notice when a rule is changed?

Each mutant is one small change of `backend/protocol`. It is killed when a test fails, or when a
test takes five times the processor's time that it takes without it and two seconds more (cosmic-ray
counts it so: an endless loop is noticed). Fewer than 90 in 100 killed: exit code 1.
"""

import argparse
import os
import sys
import time

from dev.mutants import place, report
from dev.mutants.judging import Fate, Judge, Verdict
from dev.mutants.making import mutants_of
from dev.mutants.suite import measured, prepare

FLOOR_PERCENT = 90.0


def main() -> int:
    """Judge every mutant of the modules asked for; 1 below the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="modules, separated by commas")
    only = parser.parse_args().only.replace(",", " ").split()
    begun = time.monotonic()
    os.nice(5)
    place.fresh_copy()
    sources = place.sources()
    if unknown := set(only) - sources.keys():
        parser.error(f"no such module: {', '.join(sorted(unknown))}")
    prepare()
    judge = Judge(measured())
    print(report.heading())
    verdicts: list[Verdict] = []
    for module in only or sources:
        verdicts += _judged(judge, module, sources[module])
        report.write(place.OUT, verdicts, time.monotonic() - begun)
    judge.close()
    print(report.line("all", verdicts))
    minutes = (time.monotonic() - begun) / 60
    print(f"{minutes:.0f} min; diffs of the survivors: build/mutants/survivors.diff")
    return 0 if report.rate(verdicts) >= FLOOR_PERCENT else 1


def _judged(judge: Judge, module: str, source: str) -> list[Verdict]:
    """The verdicts on one module's mutants; those that say the same as the original left out."""
    found = []
    for mutant in mutants_of(module, source):
        verdict = judge.judge(mutant)
        if verdict.fate != Fate.SAME:
            found.append(verdict)
        if sys.stdout.isatty():
            print(f"{report.line(module, found)}", end="\r", flush=True)
    if found:
        print(report.line(module, found), flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
