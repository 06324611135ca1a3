"""`make kills [COUNT=200]`: the sealer is killed at random moments, while others write.

After each kill the tree is verified, against everything that was ever seen of it: no size has two
roots, no signed note contradicts another. In the end all is sealed. Otherwise: exit code 1.
"""

import argparse
import json
import random
import subprocess
import sys
from collections import Counter

from dev.tamper.place import Place, place, said_by
from dev.tamper.writers import accounted

LONGEST_MS = 250
WRITERS = 4


def main() -> int:
    """Kill, look, and make the account."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    with place(durable=True) as here:
        here.run("dev.tamper.part", "seed")
        return 0 if _killed(here, asked.count, random.Random(asked.seed)) else 1


def _killed(here: Place, count: int, chance: random.Random) -> bool:
    """Whether nothing was ever wrong."""
    crowd = here.start("dev.tamper.part", "write", "stdin", str(WRITERS), "1", **here.app)
    forks = here.start("dev.tamper.forks", **here.sealer)
    looker = here.start("dev.tamper.part", "look", **here.verifier)
    _ask(forks, None)
    wrong, states = list[str](), Counter[str]()
    for number in range(1, count + 1):
        _ask(forks, str(chance.randrange(LONGEST_MS)))
        seen = json.loads(_ask(looker, "look"))
        wrong += [f"after kill {number}: {line}" for line in seen["wrong"]]
        states[seen["state"]] += 1
        if sys.stdout.isatty() or number % 50 == 0:
            print(f"{number} kills, {seen['size']:,} leaves, {len(wrong)} wrong", flush=True)
    for process in (forks, looker):
        said_by(process)
    account = accounted(here, [said_by(crowd)])
    wrong += account["wrong"]
    print(", ".join(f"{state}: {times}" for state, times in sorted(states.items())))
    print(f"{account['kept']:,} entries committed, {account['undone']:,} rolled back")
    for line in wrong[:20]:
        print(f"WRONG: {line}")
    return not wrong


def _ask(process: "subprocess.Popen[str]", line: str | None) -> str:
    """Give a process a line, if any, and take its answer. Raises RuntimeError where it is gone."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("it cannot be talked to")
    if line is not None:
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError(f"{process.args} is gone")
    return answer


if __name__ == "__main__":
    sys.exit(main())
