"""`manage.py write_rules [--check]`: docs/rules.md and docs/rules.ja.md from packs and texts."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from backend.operations.rule_pages import rule_pages

FOLDER = Path(__file__).resolve().parents[4] / "docs"


class Command(BaseCommand):
    """Write or check the generated pages of all rules."""

    help = "Write every rule with its numbers, pack beside pack."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--check compares and writes nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Exit code 1 when --check finds a page that is not what packs and texts say."""
        for name, text in rule_pages().items():
            page = FOLDER / name
            if page.exists() and page.read_text(encoding="utf-8") == text:
                continue
            if options["check"]:
                self.stderr.write(f"docs/{name} is stale: run `make rules`.")
                sys.exit(1)
            page.write_text(text, encoding="utf-8")
