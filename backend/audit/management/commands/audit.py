"""`manage.py audit verify` and `manage.py audit export`.

Verifying ends with exit code 0 when every record is what was written, 1 otherwise.
"""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from backend import clock
from backend.audit.export.command import add_arguments, export
from backend.audit.verify.findings import Verdict
from backend.audit.verify.keep import keep_verdict
from backend.audit.verify.trail import verify_trail
from backend.kernel.actor import job


class Command(BaseCommand):
    """Verify the audit trail of the live database, or export it for a stranger to verify."""

    help = "Verify the audit trail, or export it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The verbs, and how to say them."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify", help="verify the live trail, and keep the verdict")
        verify.add_argument("--json", action="store_true", help="one object, for machines")
        add_arguments(verbs.add_parser("export", help="write a bundle that anybody can verify"))

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Do the one or the other."""
        if options["verb"] == "export":
            sys.exit(export(options, self.stdout, self.stderr))
        self._verify(options)

    def _verify(self, options: dict[str, Any]) -> None:
        """Print each finding, then one line of verdict; or all of it as JSON."""
        verdict = verify_trail()
        with transaction.atomic():
            keep_verdict(verdict, by=job("operator"), at=clock.now())
        self.stdout.write(_as_json(verdict) if options["json"] else _in_words(verdict))
        sys.exit(0 if verdict.is_sound else 1)


def _in_words(verdict: Verdict) -> str:
    word = "sound" if verdict.is_sound else f"{verdict.wrong} findings"
    sealed = f"{verdict.tree_size} of them sealed"
    last = f"audit trail: {verdict.records} records, {sealed}, {word}"
    return "\n".join([*map(str, verdict.findings), last])


def _as_json(verdict: Verdict) -> str:
    return json.dumps(
        {
            "records": verdict.records,
            "tree_size": verdict.tree_size,
            "is_sound": verdict.is_sound,
            "wrong": verdict.wrong,
            "findings": [finding.as_json() for finding in verdict.findings],
        }
    )
