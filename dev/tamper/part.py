"""One process of `make writers` and `make kills`: it writes, seals, verifies or makes the account.

Each works for as many seconds as it is told, or as long as its standard input is open, and says as
JSON what came of it.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from workers import sealer  # isort: skip - it sets Django up, before any model is imported

from django.db import Error as DatabaseError

from backend.audit.verify.trail import verify_trail
from dev.tamper.crowd import account, watch, write_in_threads
from dev.tamper.memory import Memory
from tests.factories.accounts import PatientFactory

PATIENTS = 20
SEAL_EVERY_S = 0.2


def seed() -> dict[str, Any]:
    """Some patients to write about."""
    PatientFactory.create_batch(PATIENTS)
    return {}


def write(seconds: str, threads: str, number: str) -> dict[str, Any]:
    """The entries that these threads committed, and those that they rolled back."""
    return asdict(write_in_threads(_until(seconds), int(threads), int(number)))


def seal(seconds: str) -> dict[str, Any]:
    """How many leaves were sealed, and in how many runs."""
    signer, stop = sealer.the_signer(), _until(seconds)
    sealer.introduce(signer)
    leaves = runs = 0
    while not stop():
        leaves += sealer.seal_all(signer, "writers")
        runs += 1
        time.sleep(SEAL_EVERY_S)
    return {"leaves": leaves, "runs": runs}


def verify(seconds: str) -> dict[str, Any]:
    """How often the trail was verified, and every alarm."""
    return asdict(watch(_until(seconds), [sealer.the_signer().verifier]))


def settle_and_account(within_s: str) -> dict[str, Any]:
    """Seal what is left; what is wrong then. The numbers of the entries come as JSON lines."""
    written = [json.loads(line) for line in sys.stdin]
    kept = [number for one in written for number in one["kept"]]
    undone = [number for one in written for number in one["undone"]]
    signer, stop = sealer.the_signer(), _until(within_s)
    wrong = ["nothing was written"] if not kept else []
    while not stop():
        try:
            sealer.seal_all(signer, "writers")
        except DatabaseError as error:
            wrong = [str(error)]
            continue
        wrong = account(kept, undone, signer) if kept else wrong
        if not wrong:
            break
    return {"wrong": wrong, "kept": len(kept), "undone": len(undone)}


def look() -> dict[str, Any]:
    """For each line of standard input: the tree as it is, against all that was seen before."""
    key = sealer.the_signer().verifier
    memory = Memory(key)
    for _line in sys.stdin:
        wrong = memory.look()
        verdict = verify_trail(keys=[key])
        wrong += [str(finding) for finding in verdict.findings]
        state = "killed between sealing and signing" if memory.is_unsigned else "killed elsewhere"
        seen = {"wrong": wrong, "size": verdict.tree_size, "state": state}
        print(json.dumps(seen), flush=True)
    return {}


def _until(seconds: str) -> Callable[[], bool]:
    """For so many seconds; `stdin`: until nobody has anything to say any more."""
    if seconds == "stdin":
        ended = threading.Event()
        threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
        return ended.is_set
    end = time.monotonic() + float(seconds)
    return lambda: time.monotonic() > end


PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    "seed": seed,
    "write": write,
    "seal": seal,
    "verify": verify,
    "look": look,
    "account": settle_and_account,
}

if __name__ == "__main__":
    json.dump(PARTS[sys.argv[1]](*sys.argv[2:]), sys.stdout)
    print()
