"""`make manage`: a management command on the database of `make up`.

Where `make up` runs, its servers are used; where not, they are started for the command. It runs
as the service does; what needs the owner of the tables runs as the owner.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence

from dev.environment import as_app, for_service
from dev.interrupts import Interrupted
from dev.process import StartFailed
from dev.servers import both
from dev.servers.find import NothingFound
from dev.servers.folders import InUse, home, kept
from dev.stack import KEPT, RUNNING
from dev.with_servers import Passing

OF_THE_OWNER = {"migrate", "grant_roles"}


def _fit(command: Sequence[str], owner: Mapping[str, str]) -> Mapping[str, str]:
    return owner if OF_THE_OWNER.intersection(command) else as_app(owner)


def _on_servers_of_our_own(command: Sequence[str], passing: Passing) -> int:
    with kept(KEPT) as folder, both.running(folder, durable=True) as servers:
        return passing.run(command, _fit(command, for_service(folder, servers, os.environ)))


def _beside_make_up(command: Sequence[str], passing: Passing) -> int:
    note = home() / KEPT / RUNNING
    if not note.exists():
        print("`make up` or another command is starting or stopping; try again.", file=sys.stderr)
        return 1
    return passing.run(command, _fit(command, {**os.environ, **json.loads(note.read_text())}))


def main(arguments: Sequence[str]) -> int:
    """Run the command; its exit code."""
    command = [sys.executable, "-m", "backend.manage", *arguments]
    passing = Passing()
    try:
        return _on_servers_of_our_own(command, passing)
    except InUse:
        return _beside_make_up(command, passing)
    except Interrupted as interrupted:
        return 128 + interrupted.number
    except (NothingFound, StartFailed) as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
