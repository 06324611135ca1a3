"""`make writers [SECONDS=120] [WRITERS=64]`: many write while one seals and one verifies.

Some transactions dawdle, some are rolled back. No alarm may be raised meanwhile; in the end every
committed record is a leaf, and the leaves are numbered without a gap. Otherwise: exit code 1.
"""

import argparse
import json
import subprocess
import sys
from typing import Any

from dev.tamper.place import Place, place, said_by

PROCESSES = 4
SETTLE_S = 120


def main() -> int:
    """Let them work, and make the account."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--writers", type=int, default=64)
    asked = parser.parse_args()
    with place(durable=True) as here:
        here.run("dev.tamper.part", "seed")
        return 0 if show(worked(here, asked.seconds, asked.writers)) else 1


def worked(here: Place, seconds: int, writers: int) -> dict[str, Any]:
    """What writers, sealer, verifier and account came to."""
    length = str(seconds)
    crowd = [
        here.start("dev.tamper.part", "write", length, str(share), str(1_000 * number), **here.app)
        for number, share in enumerate(_shares(writers))
    ]
    sealer = here.start("dev.tamper.part", "seal", length, **here.sealer)
    verifier = here.start("dev.tamper.part", "verify", length, **here.verifier)
    written = [said_by(process) for process in crowd]
    return {
        "sealed": json.loads(said_by(sealer)),
        "verified": json.loads(said_by(verifier)),
        "account": accounted(here, written),
    }


def accounted(here: Place, written: list[str]) -> dict[str, Any]:
    """What is wrong, once all that was written is sealed."""
    process = here.start("dev.tamper.part", "account", str(SETTLE_S), **here.verifier)
    said, _ = process.communicate("".join(written))
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return dict(json.loads(said))


def show(found: dict[str, Any]) -> bool:
    """A line for each part; whether all is well."""
    sealed, verified, account = found["sealed"], found["verified"], found["account"]
    wrong = [*verified["alarms"], *account["wrong"]]
    print(f"{account['kept']:,} entries committed, {account['undone']:,} rolled back")
    print(f"{sealed['leaves']:,} leaves sealed meanwhile, in {sealed['runs']:,} runs")
    print(f"{verified['times']:,} verifications meanwhile, {len(verified['alarms'])} alarms")
    for line in wrong[:20]:
        print(f"WRONG: {line}")
    if not verified["times"]:
        print("WRONG: not verified once")
    return not wrong and bool(verified["times"])


def _shares(writers: int) -> list[int]:
    return [
        writers // PROCESSES + (number < writers % PROCESSES)
        for number in range(min(PROCESSES, writers))
    ]


if __name__ == "__main__":
    sys.exit(main())
