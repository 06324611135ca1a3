"""`make up`: the whole service on this machine until Ctrl-C.

Data, secrets and mail stay in .dev/up; each process writes a log in .dev/up/logs.
"""

import sys
import time

from dev.interrupts import Interrupted
from dev.process import StartFailed
from dev.servers.find import NothingFound
from dev.servers.folders import InUse
from dev.stack import Stack, running


def _show(stack: Stack) -> None:
    print(f"\nSuhada answers at {stack.base_url}")
    for name, address in (
        ("pages", f"{stack.base_url}/"),
        ("API", f"{stack.base_url}/v1/openapi.json"),
        ("health", f"{stack.base_url}/readyz"),
        ("mail", stack.mail_dir),
        ("logs", stack.folder / "logs"),
        ("commands", "make manage ARGS='...' talks to this database"),
    ):
        print(f"  {name:<9} {address}")
    print("Ctrl-C stops everything.", flush=True)


def _watch(stack: Stack) -> int:
    """Return 1 as soon as a process has ended by itself."""
    while not (dead := stack.dead()):
        time.sleep(0.3)
    print("\n".join(dead), file=sys.stderr)
    return 1


def main() -> int:
    """Serve; 0 after Ctrl-C or SIGTERM, 1 when something failed."""
    try:
        with running(keep=True, say=lambda step: print(f"Starting {step}.", flush=True)) as stack:
            _show(stack)
            return _watch(stack)
    except Interrupted:
        print("\nStopped.")
        return 0
    except (InUse, NothingFound, StartFailed) as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
