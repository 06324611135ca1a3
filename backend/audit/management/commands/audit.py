"""`manage.py audit verify`: exit code 0 when every entry is what was written, 1 otherwise."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from backend.audit.verify.trail import verify_trail


class Command(BaseCommand):
    """Verify the audit trail of the live database."""

    help = "Verify the audit trail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb."""
        parser.add_argument("verb", choices=["verify"])

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Print each finding, then one line of verdict."""
        verdict = verify_trail()
        for finding in verdict.findings:
            self.stdout.write(str(finding))
        word = "sound" if verdict.is_sound else f"{verdict.wrong} findings"
        sealed = f"{verdict.tree_size} of them sealed"
        self.stdout.write(f"audit trail: {verdict.records} records, {sealed}, {word}")
        sys.exit(0 if verdict.is_sound else 1)
