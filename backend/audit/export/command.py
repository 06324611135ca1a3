"""`manage.py audit export`: a bundle in a file, signed by the sealer that runs beside."""

import os
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import OutputWrapper
from django.db import transaction

from backend import clock
from backend.audit.export.asked import instant_in, note_looks, patient_scope
from backend.audit.export.bundle import Written, add_signature, write_bundle
from backend.audit.export.errors import CannotExport, NotSigned
from backend.audit.export.manifest import ask_for_signature
from backend.audit.export.scope import Scope, everything, of_period
from backend.audit.models import BundleManifest
from backend.audit.record import record
from backend.kernel.actor import Actor, job

ACTION = "audit_export.write"
SIGNED_WITHIN_S, ASKED_EVERY_S = 60.0, 0.2
TOLD_EVERY_S = 2.0


def add_arguments(parser: ArgumentParser) -> None:
    """What to export, and where to."""
    scope = parser.add_mutually_exclusive_group(required=True)
    scope.add_argument("--patient", metavar="ID", help="pt_…, or psn_… once the key is destroyed")
    scope.add_argument("--all", action="store_true", help="the whole log, of every clinic")
    scope.add_argument(
        "--from", type=_instant, dest="begin", metavar="TIME", help="2026-03-01 (UTC) or RFC 3339"
    )
    parser.add_argument("--to", type=_instant, dest="end", metavar="TIME", help="until before then")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="the zip file")
    parser.add_argument(
        "--closed", action="store_true", help="prove everything, but show no facts and no rows"
    )


def export(options: Mapping[str, Any], out: OutputWrapper, err: OutputWrapper) -> int:
    """Write the bundle and say what it holds; the exit code."""
    path: Path = options["out"]
    draft = path.with_name(f"{path.name}.part")
    try:
        if path.exists():
            raise CannotExport(f"{path} is there already.")
        draft.unlink(missing_ok=True)
        scope = _scope(options)
        _write(scope, draft, _Progress(err), err)
        draft.rename(path)
    except CannotExport as error:
        draft.unlink(missing_ok=True)
        err.write(f"{error}\n")
        return 1
    except OSError as error:
        err.write(f"{path}: {error.strerror}\n")
        return 1
    out.write(f"{path}: {path.stat().st_size} bytes\n")
    return 0


def _scope(options: Mapping[str, Any]) -> Scope:
    opens = not options["closed"]
    begin, end = options["begin"], options["end"]
    if (begin is None) != (end is None) or (begin and begin >= end):
        raise CannotExport("A period has a beginning and a later end: --from and --to.")
    if options["all"]:
        return everything(opens=opens)
    if options["patient"]:
        return patient_scope(options["patient"], opens_facts=opens, opens_rows=opens)
    return of_period(begin, end, opens=opens)


def _write(scope: Scope, draft: Path, progress: "_Progress", err: OutputWrapper) -> None:
    at, by = clock.now(), job("operator")
    with open(draft, "xb", opener=_for_us_alone) as file:
        written = write_bundle(scope, file, at=at, tell=progress)
    note = _signed(written, by, at, err)
    with open(draft, "r+b") as file:
        add_signature(file, note, at=at)
    _record(scope, written, by, at)
    _say(written, err)


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _signed(written: Written, by: Actor, at: datetime, err: OutputWrapper) -> str:
    with transaction.atomic():
        asked = ask_for_signature(written.content, by=by, at=at)
    err.write("waiting for the sealer's signature\n")
    until = time.monotonic() + SIGNED_WITHIN_S
    while time.monotonic() < until:
        row = BundleManifest.objects.get(id=asked.id)
        if row.note is not None:
            return row.note
        if row.refusal is not None:
            raise NotSigned(f"The sealer did not sign: {row.refusal}.")
        time.sleep(ASKED_EVERY_S)
    raise NotSigned(f"No sealer signed within {SIGNED_WITHIN_S:.0f} seconds: does it run?")


@dataclass(frozen=True, slots=True)
class _Bundle:
    ref: str = "audit_export"


def _record(scope: Scope, written: Written, by: Actor, at: datetime) -> None:
    facts = {
        **{f"scope_{name}": value for name, value in scope.shown.items()},
        "entries": str(written.entries),
        "tree_size": str(written.head.size),
        "opened": scope.opened,
    }
    with transaction.atomic():
        record(ACTION, on=_Bundle(), by=by, at=at, facts=facts)
        note_looks(ACTION, written.shows, by=by, at=at)


def _say(written: Written, err: OutputWrapper) -> None:
    err.write(f"{written.entries} records, proven by the checkpoint of {written.head.size}\n")
    if written.unsealed:
        err.write(f"{written.unsealed} more are not in that checkpoint yet: export again later\n")
    if written.missing:
        err.write(f"{written.missing} leaves have no record any more: run `audit verify`\n")
    err.write(f"key of the log: {written.head.key}\n")


class _Progress:
    """A line every two seconds."""

    def __init__(self, err: OutputWrapper) -> None:
        self._err, self._last = err, time.monotonic()

    def __call__(self, done: int, due: int) -> None:
        if time.monotonic() - self._last >= TOLD_EVERY_S:
            self._last = time.monotonic()
            self._err.write(f"{done} of {due} records ({100 * done // due} %)\n")
            self._err.flush()


def _instant(text: str) -> datetime:
    try:
        return instant_in(text)
    except ValueError as error:
        raise ArgumentTypeError(f"not a date or an instant with its offset: {text}") from error
