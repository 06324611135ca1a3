"""One process of `make tamper`: `build` makes the log, `try COUNT SEED` tampers with it.

What the log was made with goes from the first to the others over standard input, as JSON.
"""

import json
import sys
from base64 import b64decode, b64encode
from dataclasses import asdict

import django

django.setup()

from backend.transparency.notes import Signer
from dev.tamper.log import Log, read_log
from dev.tamper.trial import trials, verdict_on
from dev.tamper.world import World, build


def main(arguments: list[str]) -> None:
    """Say on standard output what was made, or one line for each tampering."""
    if arguments == ["build"]:
        world = build()
        _require_sound(read_log(world))
        size, root = world.kept
        _say({"key": world.signer.text, "size": size, "root": b64encode(root).decode()})
        return
    _verb, count, seed = arguments
    told = json.loads(sys.stdin.read())
    log = read_log(World(Signer.parse(told["key"]), (told["size"], b64decode(told["root"]))))
    for outcome in trials(log, int(count), int(seed)):
        _say(asdict(outcome))
    _require_sound(log)


def _require_sound(log: Log) -> None:
    """Before and after: what nobody tampered with is sound, or every alarm is worth nothing."""
    verdict = verdict_on(log, outside=True)
    if not verdict.is_sound or verdict.records <= verdict.tree_size or log.head <= 256:
        raise RuntimeError(f"a false alarm, or no log to speak of: {verdict}")


def _say(line: dict[str, object]) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
