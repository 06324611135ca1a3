"""`manage.py reassess --pack=…`: whose decision changes when a pack does? Changes nothing."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import QuerySet

from backend import clock
from backend.api.entries import Target
from backend.audit.record import record
from backend.kernel.actor import job
from backend.kernel.errors import Unprocessable
from backend.kernel.ids import NotAnId, parse_id
from backend.prescriptions.models import Decision
from backend.prescriptions.reassessing import (
    Reassessed,
    newest_decisions,
    pack_named,
    reassess_all,
)
from backend.prescriptions.rules import DECISIONS, OPEN
from backend.protocol.pack import Pack

TELL_EVERY = 1000


class Command(BaseCommand):
    """Ask stored decisions again, as they were asked, under another pack."""

    help = "List whose decision a pack would change: the newest one of each open prescription."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which pack, and of whom."""
        parser.add_argument("--pack", required=True, help="a pack id, or a version id@hash")
        parser.add_argument("--clinic", help="this clinic only (cl_…), whatever its programme")
        parser.add_argument("--all", action="store_true", help="closed prescriptions too")
        parser.add_argument(
            "--every-programme",
            action="store_true",
            help="clinics of other programmes than the pack's too",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """A line for each decision that changes, then a summary."""
        pack = _pack(options["pack"])
        rows = newest_decisions()
        if not options["all"]:
            rows = rows.filter(prescription__status__in=OPEN)
        chosen = self._chosen(rows, pack, options)
        seen, changes = 0, Counter[str]()
        for seen, answer in enumerate(reassess_all(chosen, pack), start=1):
            if answer.changes:
                changes[f"{answer.was} -> {answer.becomes}"] += 1
                self.stdout.write(_line(answer, as_json=options["json"]))
            if seen % TELL_EVERY == 0:
                self.stderr.write(f"{seen:,} decisions asked")
        self.stdout.write(_summary(pack, seen, changes, as_json=options["json"]))
        _note(pack, seen, changes.total())

    def _chosen(
        self, rows: QuerySet[Decision], pack: Pack, options: dict[str, Any]
    ) -> QuerySet[Decision]:
        if options["clinic"]:
            return rows.filter(prescription__clinic_id=_clinic(options["clinic"]))
        if options["every_programme"]:
            return rows
        of_programme = {"prescription__clinic__programme": pack.programme}
        others = rows.exclude(**of_programme).count()
        if others:
            self.stderr.write(
                f"left out: {others:,} decisions of clinics whose programme is not "
                f"{pack.programme} (--every-programme asks them too)"
            )
        return rows.filter(**of_programme)


def _pack(name: str) -> Pack:
    try:
        return pack_named(name)
    except Unprocessable as unknown:
        raise CommandError(f"--pack={name}: {unknown}") from unknown


def _clinic(text: str) -> Any:
    try:
        return parse_id("cl", text)
    except NotAnId as error:
        raise CommandError(f"--clinic={text}: not the id of a clinic") from error


def _line(answer: Reassessed, *, as_json: bool) -> str:
    """`dec_… rx_… clear -> hold: P-US-08, L-02`, or the same as JSON."""
    if as_json:
        said = {"decision": answer.decision, "prescription": answer.prescription}
        return json.dumps(
            {**said, "was": answer.was, "becomes": answer.becomes, "rules": answer.rules}
        )
    rules = ", ".join(answer.rules)
    return f"{answer.decision} {answer.prescription} {answer.was} -> {answer.becomes}: {rules}"


def _summary(pack: Pack, asked: int, changes: Counter[str], *, as_json: bool) -> str:
    if as_json:
        said = {"pack_version": pack.version, "asked": asked, "changed": changes.total()}
        return json.dumps({**said, "changes": dict(changes)})
    kinds: Iterable[str] = (f"{kind} {count:,}" for kind, count in sorted(changes.items()))
    listed = "; ".join(kinds) or "none"
    return f"{changes.total():,} of {asked:,} decisions change under {pack.version}: {listed}"


def _note(pack: Pack, asked: int, changed: int) -> None:
    """An entry that somebody looked."""
    facts = {"pack_version": pack.version, "asked": str(asked), "changed": str(changed)}
    with transaction.atomic():
        record(
            DECISIONS["reassess"].action,
            on=Target("decision"),
            by=job("operator"),
            at=clock.now(),
            facts=facts,
        )
